import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { temporaryFolder } from './folder.ts';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export interface Chain {
  /** The authority's own, which clients know. */
  readonly ca: string;
  /** What the server sends: its own and the intermediate's. */
  readonly server: Certificate;
}

/** A chain of three certificates for `localhost` that end in so many days, made by openssl. */
export function createChain(days: { root: number; intermediate: number; leaf: number }): Chain {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  writeFileSync(at('authority'), 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n');
  writeFileSync(at('host'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n');
  const request = (name: string): void =>
    openssl('req', '-new', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`));
  const sign = (name: string, signer: string, kind: string, forDays: number): void =>
    openssl(
      ...['x509', '-req', '-in', at(`${name}.csr`), '-out', at(`${name}.crt`), '-days', String(forDays)],
      ...['-extfile', at(kind), '-CAcreateserial', '-CA', at(`${signer}.crt`), '-CAkey', at(`${signer}.key`)],
    );
  request('root');
  const own = ['-signkey', at('root.key'), '-extfile', at('authority'), '-days', String(days.root)];
  openssl('x509', '-req', '-in', at('root.csr'), '-out', at('root.crt'), ...own);
  request('intermediate');
  sign('intermediate', 'root', 'authority', days.intermediate);
  request('leaf');
  sign('leaf', 'intermediate', 'host', days.leaf);
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  return { ca: read('root.crt'), server: { cert: read('leaf.crt') + read('intermediate.crt'), key: read('leaf.key') } };
}
