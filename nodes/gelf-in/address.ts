const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** An address as people write it: a socket of both kinds calls `192.0.2.1` `::ffff:192.0.2.1`. */
export function plainAddress(address: string | undefined): string {
  return address === undefined ? '' : address.replace(MAPPED, '');
}
