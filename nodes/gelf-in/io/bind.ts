import { errorCode } from '../../../lib/errors.ts';

export interface Bound<T> {
  readonly opened: T;
  readonly at: string;
}

/** What a system without IPv6 says of its addresses. */
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL', 'EPROTONOSUPPORT', 'ENOPROTOOPT']);
const ALL = '::';
const ALL_IPV4 = '0.0.0.0';

/** Opens a port at an address; at all addresses where there is none: of both kinds, or IPv4's where the system has no IPv6. */
export async function bindEither<T>(
  address: string | undefined,
  open: (host: string) => Promise<T>,
): Promise<Bound<T>> {
  if (address !== undefined) return { opened: await open(address), at: address };
  try {
    return { opened: await open(ALL), at: ALL };
  } catch (error) {
    if (!NO_IPV6.has(errorCode(error) ?? '')) throw error;
    return { opened: await open(ALL_IPV4), at: ALL_IPV4 };
  }
}
