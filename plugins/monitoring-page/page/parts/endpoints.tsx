import type { Bar, StateAnswer } from '../../answer/state.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';
import { memo } from './memo.ts';

const [BAR, GAP, HEIGHT] = [3, 1, 20];
const OLD_MS = 15 * 60_000;

type Endpoint = StateAnswer['endpoints'][number];

/** Each endpoint with its last hour: one that is down comes first. */
export function Endpoints({ state: { endpoints } }: { readonly state: StateAnswer }) {
  const { feed, words } = useUi();
  if (endpoints.length === 0) return null;
  const minute = Math.floor(feed.nowMs / 60_000) * 60_000;
  const sorted = endpoints.toSorted(
    (a, b) => Number(b.state === 'down') - Number(a.state === 'down') || a.name.localeCompare(b.name),
  );
  return (
    <Card title={words('page.endpoints.title')} note={words('page.endpoints.note')}>
      <ul class="im-rows im-endpoints">
        {sorted.map((endpoint) => (
          <EndpointRow key={endpoint.name} endpoint={endpoint} minute={minute} />
        ))}
      </ul>
    </Card>
  );
}

interface RowProps {
  readonly endpoint: Endpoint;
  /** That of now, in ms since 1970. */
  readonly minute: number;
}

/** It is drawn with each state and each minute: a hundred of them with each second would take long. */
const EndpointRow = memo(function EndpointRow({ endpoint, minute }: RowProps) {
  const { words, formats } = useUi();
  const { name, state, code, ms, result, upPercent, tlsDaysLeft, bars, message, atMs } = endpoint;
  const isDown = state === 'down';
  const isOld = minute - atMs > OLD_MS;
  const answer = isDown
    ? code === null
      ? result.replaceAll('_', ' ')
      : String(code)
    : ms === null || isOld
      ? '–'
      : formats.milliseconds(ms);
  return (
    <li class={isDown ? 'im-bad' : isOld ? 'im-unknown' : 'im-plain'} title={plainText(message)}>
      <span
        class="im-dot"
        role="img"
        aria-label={words(`page.endpoints.${isDown ? 'down' : state === 'paused' ? 'paused' : 'up'}`)}
      />
      <b class="im-name">
        <bdi>{plainText(name)}</bdi>
      </b>
      <Bars bars={bars} name={name} minute={minute} />
      <span class="im-answer">{answer}</span>
      <span class="im-up">{upPercent === null ? '–' : formats.percent(upPercent)}</span>
      <span class={tlsDaysLeft !== null && tlsDaysLeft < 14 ? 'im-tls im-warning' : 'im-tls'}>
        {tlsDaysLeft === null ? '–' : words('page.endpoints.days', { count: Math.floor(tlsDaysLeft) })}
      </span>
    </li>
  );
});

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly name: string;
  /** The minute of the last bar, in ms since 1970. */
  readonly minute: number;
}

/** A bar a minute: its height is the time of the answer, its red part the share of failures. */
const Bars = memo(function Bars({ bars, name, minute }: BarsProps) {
  const { words, formats } = useUi();
  const failed = bars.reduce((sum, bar) => sum + (bar?.[0] ?? 0), 0);
  const count = bars.reduce((sum, bar) => sum + (bar?.[1] ?? 0), 0);
  const times = bars.flatMap((bar) => bar?.[2] ?? []).sort((a, b) => a - b);
  // One that took very long must not flatten the rest.
  const top = Math.max(1, (times[Math.floor(times.length * 0.9)] ?? 1) * 1.5);
  const label = words('page.endpoints.bars', { name: plainText(name), failed, count });
  return (
    <svg
      class="im-bars"
      viewBox={`0 0 ${bars.length * (BAR + GAP)} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.map((bar, index) => {
        if (bar === null) return null;
        const [failures, all, ms] = bar;
        const height = failures === all ? HEIGHT : Math.max(3, Math.min(1, (ms ?? 0) / top) * HEIGHT);
        const red = (failures / all) * height;
        const atMs = minute - (bars.length - 1 - index) * 60_000;
        const tip = `${formats.shortTime(atMs)}: ${ms === null ? '' : formats.milliseconds(ms)} ${failures > 0 ? words('page.endpoints.failed', { failed: failures, count: all }) : ''}`;
        return (
          <g key={atMs}>
            <title>{tip}</title>
            {height > red && (
              <rect class="im-bar" x={index * (BAR + GAP)} y={HEIGHT - height} width={BAR} height={height - red} />
            )}
            {red > 0 && <rect class="im-bar-bad" x={index * (BAR + GAP)} y={HEIGHT - red} width={BAR} height={red} />}
          </g>
        );
      })}
    </svg>
  );
});
