import { useEffect, useMemo, useState } from 'preact/hooks';
import type { StateAnswer } from '../../answer/state.ts';
import type { Limit } from '../../digest/alert-reports.ts';
import type { Transition } from '../../history/alert-log.ts';
import type { ServedStep } from '../../view/chart-data.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';
import type { Mark } from './chart.ts';
import { ChartFigure } from './chart-figure.tsx';

interface Series {
  readonly stepMs: number;
  readonly fromMs: number;
  readonly series: { readonly [name: string]: readonly ServedStep[] };
  readonly limits: { readonly [name: string]: readonly Limit[] };
}

const RANGES = [
  { name: '1h', unit: 'minute', steps: 60 },
  { name: '6h', unit: 'minute', steps: 360 },
  { name: '24h', unit: 'minute', steps: 1_440 },
  { name: '30d', unit: 'hour', steps: 720 },
] as const;
type Range = (typeof RANGES)[number];

const AGAIN_MS = 30_000;
const NO_LIMITS: readonly Limit[] = [];

/** The host over a time: processor, memory, load, and what else a reader chooses. */
export function HostCharts({ state }: { readonly state: StateAnswer }) {
  const { words, formats } = useUi();
  const [range, setRange] = useState<Range>(RANGES[1]);
  const [extra, setExtra] = useState('');
  const { series, marks } = useSeries(range);
  const percent = useMemo(() => (value: number) => formats.percent(value), [formats]);
  const number = useMemo(() => (value: number) => formats.number(value), [formats]);
  const milliseconds = useMemo(() => (value: number) => formats.milliseconds(value), [formats]);
  const empty = useMemo(() => Array.from({ length: range.steps }, () => null), [range]);
  const cores = state.latest?.cpu_count;
  const others = Object.keys(series?.series ?? {}).filter(
    (name) => !['cpu_percent', 'memory_used_percent', 'load_1m'].includes(name),
  );
  const figure = (name: string, title: string, format: (value: number) => string, top?: number) => {
    if (series === undefined) return null;
    const { fromMs, stepMs } = series;
    const limits = series.limits[name] ?? NO_LIMITS;
    const steps = series.series[name] ?? empty;
    return (
      <ChartFigure
        key={`${name} ${range.name}`}
        {...{ title, steps, fromMs, stepMs, marks, limits, format }}
        {...(top !== undefined && { top })}
      />
    );
  };
  const firstMs = series && measuredSince(series);
  const format = extra.includes('percent') ? percent : extra.includes('_ms') ? milliseconds : number;
  return (
    <Card title={words('page.host.title')} note={<Ranges range={range} onChoose={setRange} />}>
      {figure('cpu_percent', words('page.host.cpu'), percent, 100)}
      {figure('memory_used_percent', words('page.host.memory'), percent, 100)}
      {figure(
        'load_1m',
        typeof cores === 'number'
          ? words(cores === 1 ? 'page.host.loadOneCore' : 'page.host.load', { count: cores })
          : words('page.host.load1'),
        number,
      )}
      {others.length > 0 && (
        <label class="im-more-charts">
          {words('page.host.also')}{' '}
          <select value={extra} onChange={({ currentTarget }) => setExtra(currentTarget.value)}>
            <option value="">–</option>
            {others.sort().map((name) => (
              <option key={name} value={name}>
                {plainText(titleOf(name, words))}
              </option>
            ))}
          </select>
        </label>
      )}
      {extra !== '' &&
        figure(extra, plainText(titleOf(extra, words)), format, extra.includes('percent') ? 100 : undefined)}
      <p class="im-small">
        {words('page.host.zone', { zone: formats.zone })}
        {firstMs !== undefined && `; ${words('page.host.measuredSince', { time: formats.dateTime(firstMs) })}`}
      </p>
    </Card>
  );
}

/** Since when anything was measured, where that is not the whole time. */
function measuredSince({ series, fromMs, stepMs }: Series): number | undefined {
  const firsts = Object.values(series)
    .map((steps) => steps.findIndex((step) => step !== null))
    .filter((index) => index >= 0);
  const first = firsts.length === 0 ? 0 : Math.min(...firsts);
  return first > 0 ? fromMs + first * stepMs : undefined;
}

function titleOf(name: string, words: ReturnType<typeof useUi>['words']): string {
  const at = name.indexOf(' ');
  const key = at === -1 ? name : name.slice(0, at);
  return at === -1 ? words(`page.series.${key}`) : `${words(`page.series.${key}`)} ${name.slice(at + 1)}`;
}

function Ranges({ range, onChoose }: { readonly range: Range; readonly onChoose: (range: Range) => void }) {
  const { words } = useUi();
  return (
    <fieldset class="im-ranges" aria-label={words('page.host.range')}>
      {RANGES.map((one) => (
        <button type="button" key={one.name} aria-pressed={one === range} onClick={() => onChoose(one)}>
          {words(`page.range.${one.name}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** The series of a range and when alerts began, asked for again every half a minute while the page can be seen. */
function useSeries({ unit, steps }: Range): { readonly series: Series | undefined; readonly marks: readonly Mark[] } {
  const { feed } = useUi();
  const [series, setSeries] = useState<Series | undefined>();
  const [marks, setMarks] = useState<readonly Mark[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const load = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        const answer = await feed.client.get<Series>('series', { unit, steps }, signal);
        const { transitions } = await feed.client.get<{ transitions: readonly Transition[] }>('alerts', {}, signal);
        if (signal.aborted) return;
        setSeries(answer);
        setMarks(transitions.filter(({ state }) => state === 'firing').map(markOf));
      } catch {
        // Whether there is contact stands at the top of the page.
      }
    };
    void load();
    const timer = setInterval(() => void load(), AGAIN_MS);
    const comeBack = (): void => void load();
    document.addEventListener('visibilitychange', comeBack);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', comeBack);
      leaving.abort();
    };
  }, [feed, unit, steps]);
  return { series, marks };
}

function markOf({ atMs, name, severity }: Transition): Mark {
  return { atMs, label: plainText(name).slice(0, 24), isBad: severity === 'critical' || severity === 'error' };
}
