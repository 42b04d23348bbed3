import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';

/**
 * A program that writes a log, and the rotation of it, as rsyslogd and logrotate do it: the writer keeps its file open
 * over a rotation until it is told to open it anew. Every line has a number of its own.
 */
export interface LogWriter {
  readonly path: string;
  /** The messages of all finished lines, in order. */
  readonly written: string[];
  write(lines: number): void;
  /** Writes the first part of a line; the next write finishes it. */
  writeHalf(): void;
  /** `reopen` false: the writer goes on in the rotated file until `reopen()`. */
  rotate(options: { reopen: boolean; pack: boolean }): void;
  copyTruncate(options: { pack: boolean }): void;
  reopen(): void;
  remove(): void;
  close(): void;
}

const KEPT = 40;

export function createLogWriter(path: string): LogWriter {
  const written: string[] = [];
  let fd = openSync(path, 'a');
  let half = Buffer.alloc(0);
  let number = 0;

  const next = (): string => {
    number++;
    // Lengths and characters vary, so that a line's place in a file says nothing about which line it is.
    const message = `Failed password for user${number} from 192.0.2.${number % 250} port ${1024 + number} ssh2 ${'ü'.repeat(number % 7)}${'x'.repeat((number * 37) % 90)}`;
    written.push(message);
    const stamp = new Date(1_700_000_000_000 + number * 1000).toISOString();
    return `${stamp} web1 sshd[${number}]: ${message}\n`;
  };
  const finish = (): void => {
    writeSync(fd, half);
    half = Buffer.alloc(0);
  };
  const shift = (): void => {
    for (let index = KEPT; index >= 1; index--) {
      for (const end of ['', '.gz']) {
        if (existsSync(`${path}.${index}${end}`)) renameSync(`${path}.${index}${end}`, `${path}.${index + 1}${end}`);
      }
    }
  };
  const packFirst = (): void => {
    writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)));
    rmSync(`${path}.1`);
  };
  const writer: LogWriter = {
    path,
    written,
    write(lines) {
      finish();
      let text = '';
      for (let index = 0; index < lines; index++) text += next();
      writeSync(fd, text);
    },
    writeHalf() {
      finish();
      const bytes = Buffer.from(next());
      // In the middle of a character, where there is one of two bytes.
      const cut = Math.max(bytes.indexOf('ü') + 1, 20);
      writeSync(fd, bytes.subarray(0, cut));
      half = bytes.subarray(cut);
    },
    rotate({ reopen, pack }) {
      if (!existsSync(path)) return;
      // A half-written line is finished before its file is packed, or it would never be.
      if (pack) finish();
      shift();
      renameSync(path, `${path}.1`);
      if (reopen || pack) writer.reopen();
      else closeSync(openSync(path, 'a'));
      if (pack) packFirst();
    },
    copyTruncate({ pack }) {
      if (!existsSync(path)) return;
      writer.reopen();
      shift();
      copyFileSync(path, `${path}.1`);
      truncateSync(path, 0);
      if (pack) packFirst();
    },
    reopen() {
      finish();
      closeSync(fd);
      fd = openSync(path, 'a');
    },
    remove() {
      finish();
      rmSync(path, { force: true });
      writer.reopen();
    },
    close() {
      finish();
      closeSync(fd);
    },
  };
  return writer;
}
