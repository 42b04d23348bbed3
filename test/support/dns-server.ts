import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { answerAfter } from './pace.ts';

/** What a name is answered: an address, after so many ms; "never" leaves the question open. */
export type Answer = { a?: string; aaaa?: string; afterMs?: number } | 'never';

const A = 1;
const AAAA = 28;

function bytesOf(address: string): Buffer {
  if (address.includes('.')) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** Reads the one question of a query (RFC 1035, 4.1). */
function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function reply(query: Buffer, end: number, address: string | undefined, known: boolean): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(known ? 0x8580 : 0x8583, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(address === undefined ? 0 : 1, 6);
  const question = query.subarray(12, end);
  if (address === undefined) return Buffer.concat([header, question]);
  const bytes = bytesOf(address);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(bytes.length === 4 ? A : AAAA, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([header, question, record, bytes]);
}

/** A name server on UDP with its own idea of the world; `asked` hears each question. Returns a function that stops it. */
export async function startDnsServer(
  names: { [name: string]: Answer },
  host: string,
  port: number,
  asked: (name: string) => void = () => undefined,
): Promise<() => void> {
  const socket = createSocket('udp4');
  const late = new Set<() => void>();
  socket.on('message', (query, { port: from, address: to }) => {
    const { name, type, end } = questionOf(query);
    asked(name);
    const answer = names[name];
    if (answer === 'never') return;
    const address = type === A ? answer?.a : type === AAAA ? answer?.aaaa : undefined;
    const drop = answerAfter(answer?.afterMs ?? 0, () => {
      late.delete(drop);
      socket.send(reply(query, end, address, answer !== undefined), from, to);
    });
    late.add(drop);
  });
  socket.bind(port, host);
  await once(socket, 'listening');
  return () => {
    for (const drop of late) drop();
    socket.close();
  };
}
