// What went wrong with Graylog, in words that say what helps.

const MAX_TEXT = 400;

const CERTIFICATE = /CERT|SIGNATURE|SELF_SIGNED|ALTNAME/;

/** Why an address cannot be reached: `error` is what `fetch` rejected with. */
export function addressFault(error, address) {
  const cause = error.cause ?? error;
  const code = String(cause.code ?? cause.errors?.[0]?.code ?? '');
  const host = new URL(address).host;
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return `${host} does not answer`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host ${new URL(address).hostname}`;
  if (code === 'ECONNREFUSED') return `Nothing listens at ${host}`;
  if (CERTIFICATE.test(code))
    return `The certificate of ${host} is not trusted (${code}): NODE_EXTRA_CA_CERTS names the file of its authority`;
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return `${host} does not speak HTTPS`;
  return `${host} cannot be asked: ${cause.message || code || error.message}`;
}

/** What Graylog's refusal means. `body` is its answer: JSON, or a text. */
export function refusalWords(method, path, status, body) {
  if (status === 401) return 'Graylog does not know this token, or this user and password';
  if (status === 403) return `This user may not do that (${method} ${path}): an administrator's token is needed`;
  return `Graylog refused ${method} ${path} with ${status}: ${reasonIn(body)}`;
}

function reasonIn(body) {
  if (typeof body === 'string') return body.slice(0, MAX_TEXT) || 'it does not say why';
  const reason = body.message ?? (body.errors && JSON.stringify(body.errors)) ?? JSON.stringify(body);
  return String(reason).slice(0, MAX_TEXT);
}
