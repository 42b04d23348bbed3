/**
 * What `work` takes of the processor, in ms. The clock also counts what else the machine runs meanwhile, so it says little
 * about how much work something makes.
 */
export function cpuMsOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
