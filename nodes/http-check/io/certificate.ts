import { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';

const DAY_MS = 86_400_000;
/** No chain is longer; one could be a circle. */
const MOST_CERTIFICATES = 16;
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The first certificate of a chain to end. */
export interface Validity {
  /** Whole days; negative when it has ended. */
  daysLeft: number;
  /** Its subject, where it is not the server's own. */
  issuer: string | undefined;
}

/** The certificates of authorities, by their subjects. Node.js' own are read once, when the first chain asks for them. */
export class TrustAnchors {
  #own: Map<string, X509Certificate[]> | undefined;

  /** The authority that signed the certificate; `ca` are those of the TLS settings, which stand for Node.js' own. */
  issuerOf(certificate: X509Certificate, ca: ConnectionOptions['ca']): X509Certificate | undefined {
    const known = ca === undefined ? this.#nodes() : bySubject([ca].flat().map(String));
    return known.get(certificate.issuer)?.find((anchor) => certificate.checkIssued(anchor));
  }

  #nodes(): Map<string, X509Certificate[]> {
    this.#own ??= bySubject(rootCertificates);
    return this.#own;
  }
}

function bySubject(texts: readonly string[]): Map<string, X509Certificate[]> {
  const known = new Map<string, X509Certificate[]>();
  for (const pem of texts.flatMap((text) => text.match(PEM) ?? [])) {
    const certificate = parse(pem);
    if (certificate !== undefined)
      known.set(certificate.subject, [...(known.get(certificate.subject) ?? []), certificate]);
  }
  return known;
}

function parse(content: string | Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(content);
  } catch {
    return undefined;
  }
}

/** The chain from the server's certificate to the authority that is known, or as far as the server sent it. */
function chainOf(tls: TLSSocket, anchors: TrustAnchors, ca: ConnectionOptions['ca']): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: DetailedPeerCertificate | undefined = tls.getPeerCertificate(true);
  while (next?.raw !== undefined && chain.length < MOST_CERTIFICATES) {
    const certificate = parse(next.raw);
    if (certificate === undefined) break;
    chain.push(certificate);
    if (certificate.subject === certificate.issuer) break;
    // Servers also send what once led to an older authority, and may have ended: OpenSSL trusts the first that it knows.
    const anchor = anchors.issuerOf(certificate, ca);
    if (anchor !== undefined) return [...chain, anchor];
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}

/** When the chain of a connection first ends. Undefined where the server has no certificate. */
export function validityOf(
  tls: TLSSocket,
  anchors: TrustAnchors,
  ca: ConnectionOptions['ca'],
  nowMs: number,
): Validity | undefined {
  const chain = chainOf(tls, anchors, ca).map(({ validTo, subject }) => ({ until: Date.parse(validTo), subject }));
  const dated = chain.filter(({ until }) => !Number.isNaN(until));
  const [first] = dated.toSorted((a, b) => a.until - b.until);
  if (first === undefined) return undefined;
  const name = /(?:^|\n)CN=(.*)/.exec(first.subject)?.[1] ?? first.subject.replaceAll('\n', ', ');
  return {
    daysLeft: Math.floor((first.until - nowMs) / DAY_MS),
    issuer: first.until === chain[0]?.until ? undefined : name,
  };
}
