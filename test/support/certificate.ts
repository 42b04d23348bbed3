import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly cert: string;
  /** A certificate that it signs, for a server or a client of these names (as in a subjectAltName), and its key. It ends in `days`, 2 unless given. */
  issue(names: string, days?: number): Certificate;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const DAY_MS = 86_400_000;

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}

/** "20200131000000Z", as openssl wants its dates. */
function stamp(ms: number): string {
  return `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}

/** A certificate for `names` (as in a subjectAltName) that signs itself and ends in `days` from now, made by openssl. */
export function selfSigned(names = 'DNS:localhost,IP:127.0.0.1', days = 30): Certificate {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  // Of openssl's commands only `ca` makes a certificate that has ended already.
  const config = [
    ...['[ca]', 'default_ca=d', '[d]', `database=${at('index')}`, `new_certs_dir=${folder}`, 'rand_serial=yes'],
    ...['default_md=sha256', 'policy=p', 'x509_extensions=e', '[p]', 'commonName=supplied'],
    ...['[e]', `subjectAltName=${names}`, 'basicConstraints=CA:TRUE'],
  ];
  writeFileSync(at('config'), config.join('\n'));
  writeFileSync(at('index'), '');
  openssl('req', '-new', ...NEW_KEY, '-keyout', at('key'), '-out', at('request'), '-subj', '/CN=test');
  const start = stamp(Date.now() - 400 * DAY_MS);
  const end = stamp(Date.now() + days * DAY_MS + 60_000);
  const files = ['-in', at('request'), '-keyfile', at('key'), '-out', at('cert'), '-notext'];
  openssl('ca', '-batch', '-selfsign', '-config', at('config'), ...files, '-startdate', start, '-enddate', end);
  return { cert: readFileSync(at('cert'), 'utf8'), key: readFileSync(at('key'), 'utf8') };
}

/** An authority of the test's own that ends in `days`, made by openssl. */
export function createAuthority(days = 2): Authority {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const own = ['-keyout', at('ca.key'), '-out', at('ca.cert')];
  openssl('req', '-x509', ...NEW_KEY, '-days', String(days), '-subj', '/CN=authority', ...own);
  return {
    cert: readFileSync(at('ca.cert'), 'utf8'),
    issue(names, leafDays = 2) {
      writeFileSync(at('extensions'), `subjectAltName=${names}\n`);
      openssl('req', '-new', ...NEW_KEY, '-subj', '/CN=test', '-keyout', at('key'), '-out', at('request'));
      const signer = ['-CA', at('ca.cert'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('extensions')];
      openssl('x509', '-req', '-in', at('request'), '-days', String(leafDays), ...signer, '-out', at('cert'));
      return { cert: readFileSync(at('cert'), 'utf8'), key: readFileSync(at('key'), 'utf8') };
    },
  };
}
