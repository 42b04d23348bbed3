/**
 * A runtime of Kubernetes, as the kubelet speaks to it: containerd over the container runtime interface, gRPC on a socket.
 * Source of the numbers of messages' fields: kubernetes/cri-api, pkg/apis/runtime/v1/api.proto.
 */
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';

type Value = string | number | boolean | Buffer | readonly Value[];
/** A message by the numbers of its fields. */
export type Message = { readonly [field: number]: Value };

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function fieldBytes(field: number, value: Value): Buffer {
  if (Array.isArray(value)) return Buffer.concat(value.map((one) => fieldBytes(field, one)));
  if (typeof value === 'number' || typeof value === 'boolean') {
    return Buffer.from([...varint(field * 8), ...varint(Number(value))]);
  }
  const bytes = Buffer.from(value as string | Buffer);
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes]);
}

/** The bytes of a message; a message within is given by its own bytes. */
export function message(fields: Message): Buffer {
  return Buffer.concat(Object.entries(fields).map(([field, value]) => fieldBytes(Number(field), value)));
}

/** The texts of a message's fields, by their numbers. */
function textsOf(bytes: Buffer): Map<number, string> {
  const texts = new Map<number, string>();
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = next();
    if (tag % 8 === 0) next();
    else {
      const length = next();
      texts.set(Math.floor(tag / 8), bytes.toString('utf8', at, at + length));
      at += length;
    }
  }
  return texts;
}

const HEAD_BYTES = 5;

/** Calls `method` of the runtime at `socket`, and gives the texts of its answer. Rejects with the runtime's words. */
export function callRuntime(socket: string, method: string, request: Message): Promise<Map<number, string>> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2('http://localhost', { createConnection: () => connect(socket) });
    session.once('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': `/runtime.v1.RuntimeService/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const body = message(request);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32BE(body.length, 1);
    const chunks: Buffer[] = [];
    let words = '';
    const hear = (headers: { readonly [name: string]: unknown }): void => {
      if (headers['grpc-status'] !== undefined && headers['grpc-status'] !== '0') {
        words = `${method}: ${decodeURIComponent(String(headers['grpc-message']))}`;
      }
    };
    stream.on('response', hear);
    stream.on('trailers', hear);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('end', () => {
      session.close();
      if (words === '') resolve(textsOf(Buffer.concat(chunks).subarray(HEAD_BYTES)));
      else reject(new Error(words));
    });
    stream.end(Buffer.concat([head, body]));
  });
}
