import { fingerprint } from './fingerprint.ts';

const VALUES = 2 ** 32;
/** A fingerprint has its upper bits first. */
const LOWER_BITS = 2 ** 21;

/**
 * When a host is to do what it does at every interval, in ms after it began: the same host always at the same time, and many
 * hosts that began at once evenly apart. Between a quarter of the interval and five: what is measured over the time between
 * two turns needs some.
 */
export function phaseOf(host: string, intervalMs: number): number {
  const phaseMs = (mixed(fingerprint(host)) / VALUES) * intervalMs;
  return Math.round(phaseMs < intervalMs / 4 ? phaseMs + intervalMs : phaseMs);
}

/** 32 bits that all depend on each of the fingerprint: hosts are often named alike but for their last letters. */
function mixed(print: number): number {
  let bits = Math.floor(print / LOWER_BITS) ^ (print % LOWER_BITS);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
