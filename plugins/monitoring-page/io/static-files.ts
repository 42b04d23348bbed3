import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface StaticFile {
  readonly bytes: Buffer;
  /** The same, compressed; undefined where that is not worth it. */
  readonly gzip: Buffer | undefined;
  readonly headers: { readonly [name: string]: string };
}

const TYPES: { readonly [ending: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const POLICY = [
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
].join('; ');
const HASHED = /-[A-Z0-9]{8}\.\w+$/;

/** The files of the page as the build made them, by their names; `build` changes with them. Read once: they are few and small. */
export function readPage(): { readonly files: ReadonlyMap<string, StaticFile>; readonly build: string } {
  const folder = fileURLToPath(new URL('../page/', import.meta.url));
  const files = new Map<string, StaticFile>();
  const names = existing(folder);
  for (const name of names.filter((one) => TYPES[extname(one)] !== undefined)) {
    const gzip = names.includes(`${name}.gz`) ? readFileSync(join(folder, `${name}.gz`)) : undefined;
    files.set(name, { bytes: readFileSync(join(folder, name)), gzip, headers: headersOf(name) });
  }
  const hashed = names.filter((name) => HASHED.test(name) && name.endsWith('.js')).join();
  return { files, build: hashed };
}

function headersOf(name: string): { readonly [name: string]: string } {
  return {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    // The name of a hashed file changes with what is in it; the others have to be looked at each time.
    'cache-control': HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-store',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    vary: 'accept-encoding',
  };
}

/** Nothing where it runs unbuilt. */
function existing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
