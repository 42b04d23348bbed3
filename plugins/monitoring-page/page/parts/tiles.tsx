import type { ComponentChildren } from 'preact';
import type { StateAnswer } from '../../answer/state.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';

/** What was not heard of for so long is not known, and is neither 0 nor green. */
const OLD_MS = 15 * 60_000;

type Mood = 'bad' | 'warning' | 'plain';

interface TileProps {
  readonly title: string;
  /** A dash where it is not known. */
  readonly value: string;
  readonly unit?: string;
  readonly mood?: Mood;
  readonly children?: ComponentChildren;
}

function Tile({ title, value, unit = '', mood = 'plain', children }: TileProps) {
  return (
    <div class={`im-tile im-${mood}`}>
      <h3>{title}</h3>
      <p class="im-figure">
        <b>{value}</b> <span>{unit}</span>
      </p>
      <p class="im-small">{children}</p>
    </div>
  );
}

/** Six figures that say whether all is well. */
export function Tiles({ state }: { readonly state: StateAnswer }) {
  return (
    <div class="im-tiles">
      <EndpointsTile state={state} />
      <ContainersTile state={state} />
      <DiskTile state={state} />
      <LoadTile state={state} />
      <LoginsTile state={state} />
      <DeliveryTile state={state} />
    </div>
  );
}

function EndpointsTile({ state: { endpoints } }: { readonly state: StateAnswer }) {
  const { feed, words, formats } = useUi();
  const checked = endpoints.filter(({ state }) => state !== 'paused');
  const down = checked.filter(({ state }) => state === 'down');
  const [first] = down;
  const note =
    first === undefined
      ? words('page.tile.allUp')
      : words('page.tile.downFor', {
          name: plainText(first.name),
          span: formats.span(feed.nowMs - (first.downSinceMs ?? first.atMs)),
        });
  if (checked.length === 0)
    return (
      <Tile title={words('page.endpoints.title')} value="–">
        {words('page.tile.noChecks')}
      </Tile>
    );
  return (
    <Tile
      title={words('page.endpoints.title')}
      value={formats.whole(checked.length - down.length)}
      unit={words('page.tile.ofUp', { count: checked.length })}
      mood={down.length > 0 ? 'bad' : 'plain'}
    >
      {note}
    </Tile>
  );
}

function ContainersTile({ state: { containers } }: { readonly state: StateAnswer }) {
  const { feed, words, formats } = useUi();
  const there = containers.filter(({ state }) => state !== 'removed');
  const run = there.filter(({ state }) => state !== 'exited');
  const failed = there.filter(({ state, exitCode }) => state === 'exited' && exitCode !== 0);
  const sick = run.filter(({ health }) => health === 'unhealthy');
  const [first] = [...failed, ...sick];
  const note =
    first === undefined
      ? ''
      : words(first.state === 'exited' ? 'page.tile.exited' : 'page.tile.unhealthy', {
          name: plainText(first.name),
          span: formats.span(feed.nowMs - (first.sinceMs ?? first.atMs)),
        });
  if (there.length === 0)
    return (
      <Tile title={words('page.containers.title')} value="–">
        {words('page.tile.noContainers')}
      </Tile>
    );
  return (
    <Tile
      title={words('page.containers.title')}
      value={formats.whole(run.length)}
      unit={words('page.tile.ofRun', { count: there.length })}
      mood={failed.length > 0 ? 'bad' : sick.length > 0 ? 'warning' : 'plain'}
    >
      {note}
    </Tile>
  );
}

function DiskTile({ state: { disks, fullestBefore } }: { readonly state: StateAnswer }) {
  const { words, formats } = useUi();
  const known = disks.filter(({ usedPercent }) => usedPercent !== null);
  const fullest = known.toSorted((a, b) => (b.usedPercent ?? 0) - (a.usedPercent ?? 0))[0];
  if (fullest === undefined)
    return (
      <Tile title={words('page.tile.disk')} value="–">
        {words('page.tile.noDisks')}
      </Tile>
    );
  const { state, usedPercent, mount, fullInSeconds, availableBytes } = fullest;
  return (
    <Tile
      title={words('page.tile.disk')}
      value={formats.percent(usedPercent ?? 0)}
      unit={plainText(mount)}
      mood={
        state === 'critical' || state === 'missing'
          ? 'bad'
          : state === 'warning' || state === 'stale'
            ? 'warning'
            : 'plain'
      }
    >
      {fullInSeconds !== null
        ? words('page.disks.fullIn', { span: formats.span(fullInSeconds * 1_000) })
        : availableBytes !== null && words('page.disks.free', { bytes: formats.bytes(availableBytes) })}
      {fullestBefore !== null && Math.abs(fullestBefore - (usedPercent ?? 0)) >= 0.5 && (
        <>
          <br />
          {words('page.tile.before', { percent: formats.percent(fullestBefore) })}
        </>
      )}
    </Tile>
  );
}

function LoadTile({ state: { latest, loadMax } }: { readonly state: StateAnswer }) {
  const { feed, words, formats } = useUi();
  const isOld = latest === null || feed.nowMs - latest.atMs > OLD_MS;
  const load = latest?.load_per_core_1m;
  if (latest === null || isOld || typeof load !== 'number') {
    const note =
      latest === null ? words('page.tile.noHost') : words('page.tile.last', { time: formats.time(latest.atMs) });
    return (
      <Tile title={words('page.tile.load')} value="–">
        {note}
      </Tile>
    );
  }
  const { cpu_count: cores, cpu_percent: cpu } = latest;
  return (
    <Tile
      title={words('page.tile.load')}
      value={formats.number(load)}
      unit={
        typeof cores === 'number' ? words(cores === 1 ? 'page.tile.oneCore' : 'page.tile.cores', { count: cores }) : ''
      }
      mood={load >= 2 ? 'warning' : 'plain'}
    >
      {loadMax === null
        ? typeof cpu === 'number' && words('page.tile.cpu', { percent: formats.percent(cpu) })
        : words('page.host.max', { value: formats.number(loadMax[0]), time: formats.shortTime(loadMax[1]) })}
    </Tile>
  );
}

function LoginsTile({ state: { logins } }: { readonly state: StateAnswer }) {
  const { words, formats } = useUi();
  const [first] = logins.from;
  return (
    <Tile title={words('page.tile.failedLogins')} value={formats.whole(logins.failed)} unit={words('page.tile.inHour')}>
      {first !== undefined && words('page.tile.mostFrom', { from: plainText(first.from), count: first.count })}
    </Tile>
  );
}

function DeliveryTile({ state: { deliveries } }: { readonly state: StateAnswer }) {
  const { words, formats } = useUi();
  if (deliveries.length === 0)
    return (
      <Tile title={words('page.tile.waiting')} value="–">
        {words('page.tile.noServer')}
      </Tile>
    );
  const sum = (key: 'buffered' | 'dropped'): number => deliveries.reduce((total, one) => total + one[key], 0);
  const isAway = deliveries.some(({ state }) => state === 'away');
  return (
    <Tile
      title={words('page.tile.waiting')}
      value={formats.whole(sum('buffered'))}
      unit={words('page.tile.records')}
      mood={isAway ? 'bad' : 'plain'}
    >
      {words('page.tile.delay', {
        delay: formats.milliseconds(Math.max(...deliveries.map(({ lagMs }) => lagMs))),
        dropped: formats.whole(sum('dropped')),
      })}
    </Tile>
  );
}
