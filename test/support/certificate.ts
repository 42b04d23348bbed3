import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** A certificate for `localhost` and 127.0.0.1 that signs itself, and its key, made by openssl. */
export function selfSigned(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const words = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext'.split(' ');
  const files = ['-keyout', key, '-out', cert];
  try {
    execFileSync('openssl', [...words, 'subjectAltName=DNS:localhost,IP:127.0.0.1', ...files], { stdio: 'pipe' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Authority {
  readonly cert: string;
  /** A certificate that it signs, for a server or a client of these names (as in a subjectAltName), and its key. */
  issue(names: string): { cert: string; key: string };
}

/** An authority of the test's own, made by openssl. */
export function createAuthority(): Authority {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { stdio: 'pipe' });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const own = ['-keyout', at('ca.key'), '-out', at('ca.cert')];
  openssl('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=authority', ...own);
  return {
    cert: readFileSync(at('ca.cert'), 'utf8'),
    issue(names) {
      writeFileSync(at('extensions'), `subjectAltName=${names}\n`);
      openssl('req', '-new', ...curve, '-subj', '/CN=test', '-keyout', at('key'), '-out', at('request'));
      const signer = ['-CA', at('ca.cert'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('extensions')];
      openssl('x509', '-req', '-in', at('request'), '-days', '2', ...signer, '-out', at('cert'));
      return { cert: readFileSync(at('cert'), 'utf8'), key: readFileSync(at('key'), 'utf8') };
    },
  };
}
