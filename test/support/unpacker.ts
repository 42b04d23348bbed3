import { Unpacker, type UnpackerOptions } from '../../lib/io/file/unpack.ts';

/** An unpacker that nobody stops; `faults` are the names of the files that it could not unpack. */
export function newUnpacker(options: Partial<UnpackerOptions> = {}): { unpacker: Unpacker; faults: string[] } {
  const faults: string[] = [];
  const { signal } = new AbortController();
  return { unpacker: new Unpacker({ signal, onFault: (name) => faults.push(name), ...options }), faults };
}
