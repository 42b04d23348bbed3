import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Limit } from '../../digest/alert-reports.ts';
import { axisTop, chartData, type ServedStep, summaryOf } from '../../view/chart-data.ts';
import { useUi } from '../ui.ts';
import { Chart, type Mark } from './chart.ts';
import { memo } from './memo.ts';

export interface ChartFigureProps {
  readonly title: string;
  readonly steps: readonly ServedStep[];
  readonly fromMs: number;
  readonly stepMs: number;
  readonly marks: readonly Mark[];
  /** From where on an alert rings. */
  readonly limits: readonly Limit[];
  /** The top of the axis, where it does not follow from the values. */
  readonly top?: number;
  readonly format: (value: number) => string;
}

const TABLE_ROWS = 60;

/** A chart with what it says in words: for those who cannot see it, and beside it for all. */
export const ChartFigure = memo(function ChartFigure(props: ChartFigureProps) {
  const { title, steps, fromMs, stepMs, marks, limits, top, format } = props;
  const { words, formats } = useUi();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const [pointed, setPointed] = useState<number | undefined>();
  const [isOpen, setOpen] = useState(false);
  const data = useMemo(() => chartData(steps, fromMs, stepMs), [steps, fromMs, stepMs]);
  const { last, max, maxAtMs } = summaryOf(steps, fromMs, stepMs);
  const isLong = stepMs * steps.length > 86_400_000;
  const timeText = isLong ? (ms: number) => formats.dateTime(ms) : (ms: number) => formats.shortTime(ms);

  useEffect(() => {
    const made = new Chart({
      box: box.current as HTMLDivElement,
      top: 1,
      value: format,
      time: isLong ? (ms) => formats.day(ms) : (ms) => formats.shortTime(ms),
      onPoint: setPointed,
    });
    chart.current = made;
    const redraw = (): void => made.redraw();
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
    addEventListener('beforeprint', redraw);
    return () => {
      theme.disconnect();
      removeEventListener('beforeprint', redraw);
      made.close();
      chart.current = undefined;
    };
  }, [isLong, format, formats]);
  const limitText = limits.map(({ value }) => words('page.host.limit', { value: format(value) })).join(', ');
  useEffect(
    () =>
      chart.current?.show(data, {
        top: top ?? axisTop(max, limits),
        marks,
        limits: limits.map(({ value, isBad }) => ({
          value,
          isBad,
          label: words('page.host.limit', { value: format(value) }),
        })),
      }),
    [data, top, max, marks, limits, isLong],
  );

  const step = pointed === undefined ? undefined : steps[pointed];
  const reading =
    pointed === undefined
      ? words('page.host.max', {
          value: max === null ? '–' : format(max),
          time: maxAtMs === null ? '' : timeText(maxAtMs),
        })
      : `${timeText(fromMs + pointed * stepMs)}: ${step == null ? words('page.host.noValue') : words('page.host.reading', { mean: format(step[0]), max: format(step[2]) })}`;
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    chart.current?.point(Math.max(0, Math.min(steps.length - 1, (pointed ?? steps.length) + by)));
  };
  return (
    <figure class="im-chart">
      <figcaption>
        <span class="im-chart-title">{title}</span> <b>{last === null ? '–' : format(last)}</b>
        <output class="im-small">{reading}</output>
      </figcaption>
      <div
        class="im-plot"
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the reading
        tabIndex={0}
        onKeyDown={move}
        aria-label={[`${title}: ${last === null ? '–' : format(last)}`, reading, limitText]
          .filter((part) => part !== '')
          .join(', ')}
      >
        <div class="im-plot-box" ref={box} />
      </div>
      <details class="im-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{words('page.host.table')}</summary>
        {isOpen && <Table {...props} timeText={timeText} />}
      </details>
    </figure>
  );
});

interface TableProps extends ChartFigureProps {
  readonly timeText: (ms: number) => string;
}

function Table({ steps, fromMs, stepMs, format, timeText }: TableProps) {
  const { words } = useUi();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{words('page.list.time')}</th>
          <th scope="col">{words('page.host.mean')}</th>
          <th scope="col">{words('page.host.greatest')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.slice(-TABLE_ROWS).map((value, index) => {
          const atMs = fromMs + (Math.max(0, steps.length - TABLE_ROWS) + index) * stepMs;
          return (
            <tr key={atMs}>
              <td>{timeText(atMs)}</td>
              <td>{value === null ? '–' : format(value[0])}</td>
              <td>{value === null ? '–' : format(value[2])}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
