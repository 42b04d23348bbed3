// Follows the events and the logs of the engine in its first argument until it has heard the error in its second twice,
// or until the time in its third (milliseconds) is over; prints what it took.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { errorCode } from '../../lib/errors.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { parseAddress } from '../../nodes/docker-engine/address.ts';
import { DockerEngineClient } from '../../nodes/docker-engine/io/client.ts';
import { parseEventState } from '../../nodes/docker-events-in/event-state.ts';
import { EventFollower } from '../../nodes/docker-events-in/io/event-follower.ts';
import { LogFollower } from '../../nodes/docker-logs-in/io/log-follower.ts';
import { parseLogState } from '../../nodes/docker-logs-in/log-state.ts';
import { temporaryFolder } from './folder.ts';
import { gap } from './pace.ts';
import { until } from './until.ts';

const [, , host = '', code = '', mostMs = '5000'] = process.argv;
const { address } = parseAddress(host);
if (address === undefined) throw new Error(`no address: ${host}`);

const client = new DockerEngineClient({ address, answerMs: 3_000 });
// The first request loads what speaks HTTP.
await client.version().catch(() => undefined);
await gap(200);
const restBytes = process.memoryUsage.rss();
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

const codes: string[] = [];
const heard = (error: unknown): void => {
  codes.push(errorCode(error) ?? String(error));
};
const folder = temporaryFolder();
const events = new EventFollower({
  client,
  state: new StateFile(folder, 'events', parseEventState),
  counts: () => true,
  isChosen: () => true,
  heard: () => undefined,
  connected: () => undefined,
  lost: heard,
  unsaved: heard,
});
const logs = new LogFollower({
  client,
  state: new StateFile(folder, 'logs', parseLogState),
  host: 'h',
  fromStart: true,
  multilineStart: undefined,
  multilineMs: 500,
  json: true,
  filter: () => () => true,
  handOn: async () => undefined,
  notice: (_kind, _container, cause) => heard(cause),
  following: () => undefined,
  lost: heard,
  unsaved: heard,
});

const isSaidTwice = (): boolean => code !== '' && codes.filter((each) => each === code).length >= 2;
// The test looks at the codes.
await until(isSaidTwice, Number(mostMs)).catch(() => undefined);
await Promise.all([events.stop(), logs.stop()]);
client.close();
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ codes, aboveRestMb: (peakBytes - restBytes) / 1e6, longestMs: delay.max / 1e6 }));
process.exit(0);
