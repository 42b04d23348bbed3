import { useMemo, useState } from 'preact/hooks';
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

/** A bar a minute: its height is the time of the answer, its red part the share of failures. All are two paths: one each takes long. */
const Bars = memo(function Bars({ bars, name, minute }: BarsProps) {
  const { words, formats } = useUi();
  const [pointed, setPointed] = useState<number | undefined>();
  const failed = bars.reduce((sum, bar) => sum + (bar?.[0] ?? 0), 0);
  const count = bars.reduce((sum, bar) => sum + (bar?.[1] ?? 0), 0);
  const label = words('page.endpoints.bars', { name: plainText(name), failed, count });
  const { good, bad } = useMemo(() => pathsOf(bars), [bars]);
  const point = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    setPointed(Math.min(bars.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * bars.length))));
  };
  return (
    <svg
      class="im-bars"
      viewBox={`0 0 ${bars.length * (BAR + GAP)} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      onPointerMove={point}
    >
      <title>{pointed === undefined ? label : tipOf(pointed)}</title>
      <path class="im-bar" d={good} />
      <path class="im-bar-bad" d={bad} />
    </svg>
  );

  function tipOf(index: number): string {
    const bar = bars[index];
    const atMs = minute - (bars.length - 1 - index) * 60_000;
    if (bar == null) return `${formats.shortTime(atMs)}: ${words('page.host.noValue')}`;
    const [failures, all, ms] = bar;
    const parts = [
      ms === null ? '' : formats.milliseconds(ms),
      failures > 0 ? words('page.endpoints.failed', { failed: failures, count: all }) : '',
    ];
    return `${formats.shortTime(atMs)}: ${parts.filter((part) => part !== '').join(', ')}`;
  }
});

/** The parts of the bars that stand for answers, and those that stand for failures. */
function pathsOf(bars: readonly Bar[]): { readonly good: string; readonly bad: string } {
  const times = bars.flatMap((bar) => bar?.[2] ?? []).sort((a, b) => a - b);
  // One that took very long must not flatten the rest.
  const top = Math.max(1, (times[Math.floor(times.length * 0.9)] ?? 1) * 1.5);
  let [good, bad] = ['', ''];
  for (const [index, bar] of bars.entries()) {
    if (bar === null) continue;
    const [failures, all, ms] = bar;
    const height = failures === all ? HEIGHT : Math.max(3, Math.min(1, (ms ?? 0) / top) * HEIGHT);
    const red = (failures / all) * height;
    const piece = (y: number, high: number): string =>
      `M${index * (BAR + GAP)} ${y.toFixed(1)}h${BAR}v${high.toFixed(1)}h-${BAR}z`;
    if (height > red) good += piece(HEIGHT - height, height - red);
    if (red > 0) bad += piece(HEIGHT - red, red);
  }
  return { good, bad };
}
