// Writes one of the large payloads and says what that took: `node large-msg-child.ts <name>`.
import { readFileSync, writeFileSync } from 'node:fs';
import { createWriter } from '../../nodes/graylog-out/document/writer.ts';
import { LARGE_PAYLOADS } from './large-msgs.ts';

function peakKb(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

const write = createWriter({ host: 'h', largestBytes: 2_097_151, staticFields: { environment: 'test' } });
write({ message: 'm', time: '2026-01-01T00:00:00.000Z', list: ['x', { a: 1 }] }, Date.now);
const payload = LARGE_PAYLOADS[process.argv[2] ?? '']?.();
// The peak counts from here: what the payload itself takes is its sender's.
writeFileSync('/proc/self/clear_refs', '5');
const beforeKb = peakKb();
const before = performance.now();
const cpuBefore = process.cpuUsage();
const { document, fault } = { document: '', fault: undefined, ...write(payload, Date.now) };
const cpu = process.cpuUsage(cpuBefore);
// On a machine that is busy with other tests, the processor's time says more than the clock's.
const ms = Math.min(performance.now() - before, (cpu.user + cpu.system) / 1000);
console.log(JSON.stringify({ ms, mb: (peakKb() - beforeKb) / 1024, fault, bytes: Buffer.byteLength(document) }));
