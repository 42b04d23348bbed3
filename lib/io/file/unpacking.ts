import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { errorCode, MonitoringError } from '../../errors.ts';

/** The programs that unpack what Node.js does not, by the ending of a file. Each takes `-dc`. */
const PROGRAMS: { readonly [ending: string]: string } = {
  xz: 'xz',
  zst: 'zstd',
  bz2: 'bzip2',
  lz4: 'lz4',
  // What `compress` writes is read by gzip too.
  Z: 'gzip',
};
/** So much of what a program says of a failure is kept, in characters. */
const SAID_AT_MOST = 200;

/** The text of a packed file while it is unpacked. */
export interface Unpacking {
  readonly text: Readable;
  /** Resolves when all of the text came; rejects where it is not whole. */
  readonly ended: Promise<void>;
  /** Ends what runs for it. */
  close(): void;
}

/** Whether a file with this name can be unpacked, if its program is there. */
export function canUnpack(name: string): boolean {
  return endingOf(name) in { gz: true, ...PROGRAMS };
}

/**
 * Begins to unpack a file: gzip and, where Node.js has it (22.15 or later), Zstandard by Node.js itself, the rest by the
 * program for it, which may not be there (`UNPACKER_MISSING`) or fail (`UNPACKER_FAILED`).
 */
export function unpacking(packed: FileHandle, name: string): Unpacking {
  const ending = endingOf(name);
  // Node.js 20 has none, and an import by name would keep the node from loading there.
  const zstd = zlib.createZstdDecompress as typeof zlib.createZstdDecompress | undefined;
  if (ending === 'zst' && zstd !== undefined) return byNode(packed, zstd());
  if (ending === 'gz') return byNode(packed, zlib.createGunzip());
  return byProgram(packed, PROGRAMS[ending] ?? 'xz');
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function byNode(packed: FileHandle, transform: ReturnType<typeof zlib.createGunzip>): Unpacking {
  const source = createReadStream('', { fd: packed, autoClose: false, start: 0 });
  source.on('error', (error) => transform.destroy(error));
  return { text: source.pipe(transform), ended: Promise.resolve(), close: () => source.destroy() };
}

function byProgram(packed: FileHandle, program: string): Unpacking {
  // Its options could come from the environment (XZ_OPT, ZSTD_CLEVEL).
  const env = process.env.PATH === undefined ? {} : { PATH: process.env.PATH };
  const child = spawn(program, ['-dc'], { stdio: [packed.fd, 'pipe', 'pipe'], env });
  let said = '';
  const { stdout, stderr } = child as ChildProcessByStdio<null, Readable, Readable>;
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, SAID_AT_MOST);
  });
  const end = async (): Promise<void> => {
    try {
      const [code] = await once(child, 'close');
      if (code !== 0) throw new MonitoringError('UNPACKER_FAILED', { program, reason: said.trim() || String(code) });
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw new MonitoringError('UNPACKER_MISSING', { program });
      throw error;
    }
  };
  const ended = end();
  // Whoever reads the text may have failed before anybody waits for this.
  ended.catch(() => undefined);
  return { text: stdout, ended, close: () => child.kill('SIGKILL') };
}
