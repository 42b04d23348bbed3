// Takes one measurement as disk-stats does: the arguments are the user directory and what is included. Prints what is reported.

import { Semaphore } from '../../lib/io/semaphore.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { ContainerLookup } from '../../nodes/disk-stats/io/container-lookup.ts';
import { DiskReader } from '../../nodes/disk-stats/io/disk-reader.ts';
import { DiskWatch } from '../../nodes/disk-stats/io/disk-watch.ts';
import { parseSavedDisks } from '../../nodes/disk-stats/known-disks.ts';
import { readSettings } from '../../nodes/disk-stats/settings.ts';

const [userDir = '', include = ''] = process.argv.slice(2);
const settings = readSettings({ include });
if ('wrong' in settings) throw new Error(settings.wrong);
const { signal } = new AbortController();
const leftOut: string[] = [];
const watch = new DiskWatch({
  settings,
  host: 'test',
  translate: (key) => key,
  reader: new DiskReader({ hostRoot: '/', deadlineMs: 5_000, threads: new Semaphore(1), signal }),
  containers: new ContainerLookup({ client: undefined, sizes: false, onFault: () => undefined }),
  file: new StateFile(userDir, 'disk-stats-test', parseSavedDisks),
  onFault: (error) => {
    throw error;
  },
  onLeftOut: (mounts) => leftOut.push(...mounts.map(({ mount }) => mount)),
});
const assessed = await watch.measure();
await watch.close();
const changes = assessed.map(({ mount, before, state }) => [
  mount.mount,
  before === undefined ? state : `${before} -> ${state}`,
]);
console.log(JSON.stringify({ states: Object.fromEntries(changes), leftOut }));
