// Which requests `npm start`'s Node-RED answers: those by a name that it knows, from pages of its own.

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;
const MAX_SAID = 100;
const READS = new Set(['GET', 'HEAD']);

/** Whether only this machine reaches a server that listens at this address. */
export function isLoopback(host) {
  return LOOPBACK.test(String(host ?? '').toLowerCase());
}

/** The names in `MONITORING_ALLOWED_HOSTS`, without their ports. */
export function allowedHosts(text) {
  const names = (text ?? '').split(',').map((name) => hostOf(name.trim().replace(/^https?:\/\//i, '')));
  return new Set(names.filter((name) => name !== ''));
}

/** The name in a `Host` header, in small letters and without the port and the dot at its end. */
function hostOf(header) {
  const [, name = ''] = /^(\[[^\]]*\]|[^:/]*)(?::\d*)?$/.exec(header.toLowerCase()) ?? [];
  return name.replace(/\.$/, '');
}

/**
 * Why a request is refused: `host` where it asks by a name that is not ours, which is how a page makes a browser take this
 * Node-RED for a part of its own site; `origin` where a page of another site sends more than a question. Else undefined.
 */
export function refusalOf({ method, headers, address, isUpgrade }, allowed) {
  const host = hostOf(String(headers.host ?? ''));
  const own = String(address ?? '').replace(/^::ffff:/, '');
  if (!isLoopback(host) && !allowed.has(host) && host.replace(/^\[|\]$/g, '') !== own) return 'host';
  if (READS.has(method) && !isUpgrade) return undefined;
  return isForeign(headers, allowed) ? 'origin' : undefined;
}

/** Whether a browser says that another site sends this. What is no browser says nothing of it. */
function isForeign(headers, allowed) {
  const { origin, 'sec-fetch-site': site } = headers;
  const from = origin === undefined ? undefined : (/^https?:\/\/(.+)$/i.exec(origin)?.[1] ?? '').toLowerCase();
  if (from !== undefined && allowed.has(hostOf(from))) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return from !== undefined && from !== String(headers.host).toLowerCase();
}

/** Lets a server answer only what `refusalOf` lets through. `say` is told of each name that was refused, once. */
export function guardServer(server, allowed, say) {
  const said = new Set();
  const refuse = (request, reason) => {
    const { host = '' } = request.headers;
    const words =
      reason === 'host'
        ? `refused a request for the host ${shown(host)}: where a proxy asks by it, name it in MONITORING_ALLOWED_HOSTS`
        : `refused what a page of another site sends: ${shown(request.headers.origin ?? 'its origin is hidden')}`;
    if (!said.has(words) && said.size < MAX_SAID) say(words);
    said.add(words);
    return words;
  };
  const { emit } = server;
  server.emit = function (event, ...args) {
    const isUpgrade = event === 'upgrade' || event === 'connect';
    if (event !== 'request' && event !== 'checkContinue' && !isUpgrade) return emit.call(this, event, ...args);
    const [request, answer] = args;
    const { method, headers, socket } = request;
    const reason = refusalOf({ method, headers, address: socket.localAddress, isUpgrade }, allowed);
    if (reason === undefined) return emit.call(this, event, ...args);
    const words = refuse(request, reason);
    if (isUpgrade) answer.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else answer.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(`${words}\n`);
    return true;
  };
  return server;
}

/** A header's text for the log: printable characters only, and not too many. */
function shown(text) {
  return JSON.stringify(text.slice(0, 100)).replace(/[^\x20-\x7e]/g, '?');
}
