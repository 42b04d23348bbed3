import uPlot from 'uplot';
import type { ChartData } from '../../view/chart-data.ts';

/** A moment that is marked: an alert began. */
export interface Mark {
  readonly atMs: number;
  readonly label: string;
  readonly isBad: boolean;
}

/** A value from which on an alert rings. */
export interface LimitLine {
  readonly value: number;
  readonly label: string;
  readonly isBad: boolean;
}

/** What is drawn beside the line of the values. */
export interface Frame {
  /** The upper end of the axis; the lower one is 0. */
  readonly top: number;
  readonly marks: readonly Mark[];
  readonly limits: readonly LimitLine[];
}

export interface ChartOptions {
  /** Measures the room that there is. Its width must not follow from what is in it. */
  readonly box: HTMLElement;
  readonly top: number;
  readonly value: (value: number) => string;
  readonly time: (ms: number) => string;
  /** Hears at which step a reader points; undefined where at none. */
  readonly onPoint: (index: number | undefined) => void;
}

const HEIGHT = 104;
/** Charts with the same one point together. */
const SYNC = 'im-host';

/** A chart of one series: the mean as a line, from least to greatest as a band. It is made once, and given new data. */
export class Chart {
  readonly #options: ChartOptions;
  readonly #observer: ResizeObserver;
  #plot: uPlot | undefined;
  #data: ChartData | undefined;
  #frame: Frame;

  constructor(options: ChartOptions) {
    this.#options = options;
    this.#frame = { top: options.top, marks: [], limits: [] };
    // One that is made without a width stays blank.
    this.#observer = new ResizeObserver(([entry]) => this.#fit(Math.floor(entry?.contentRect.width ?? 0)));
    this.#observer.observe(options.box);
  }

  show(data: ChartData, frame: Frame): void {
    this.#data = data;
    this.#frame = frame;
    this.#plot?.setData(aligned(data));
  }

  /** The colours have changed. */
  redraw(): void {
    this.#plot?.redraw(false, true);
  }

  /** Points at a step. */
  point(index: number): void {
    const plot = this.#plot;
    const time = this.#data?.times[index];
    if (plot === undefined || time === undefined) return;
    plot.setCursor({ left: plot.valToPos(time, 'x'), top: 1 });
  }

  close(): void {
    this.#observer.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #fit(width: number): void {
    if (width <= 0 || this.#data === undefined) return;
    if (this.#plot === undefined) this.#plot = this.#create(width, this.#data);
    else this.#plot.setSize({ width, height: HEIGHT });
  }

  #create(width: number, data: ChartData): uPlot {
    const { box, value, time, onPoint } = this.#options;
    const colour = (name: string) => (): string => getComputedStyle(box).getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--im-faint'),
      grid: { stroke: colour('--im-grid'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    };
    return new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        padding: [14, 18, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, sync: { key: SYNC }, points: { size: 7 } },
        scales: { x: { time: true, range: () => this.#span() }, y: { range: () => [0, this.#frame.top] } },
        series: [
          {},
          { stroke: 'transparent', points: { show: false } },
          { stroke: 'transparent', points: { show: false } },
          { stroke: colour('--im-line'), width: 1.5, spanGaps: false, points: { show: isAlone, size: 4 } },
        ],
        bands: [{ series: [1, 2], fill: colour('--im-band') }],
        axes: [
          { ...axis, size: 24, space: 70, values: (_, splits) => splits.map((split) => time(split * 1_000)) },
          { ...axis, size: 56, space: 30, values: (_, splits) => splits.map(value) },
        ],
        hooks: {
          drawClear: [(plot) => this.#drawUnknown(plot, colour('--im-grid')())],
          setCursor: [(plot) => onPoint(plot.cursor.idx ?? undefined)],
          draw: [
            (plot) => {
              const colours = { bad: colour('--im-bad')(), warning: colour('--im-warning')() };
              this.#drawLimits(plot, colours);
              this.#drawMarks(plot, colours);
            },
          ],
        },
      },
      aligned(data),
      box,
    );
  }

  /** Up to the end of the last step: what began within it is marked, too. */
  #span(): [number, number] {
    const times = this.#data?.times ?? [];
    const [first = 0, second = first + 60] = times;
    return [first, (times.at(-1) ?? first) + second - first];
  }

  /** Hatches the time before the first value: nothing was measured then, and nothing is no zero. */
  #drawUnknown(plot: uPlot, grid: string): void {
    const { times = [], means = [] } = this.#data ?? {};
    const first = means.findIndex((value) => value !== null);
    const until = times[first === -1 ? times.length - 1 : first];
    if (first === 0 || until === undefined) return;
    const { ctx, bbox } = plot;
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(until, 'x', true));
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, right - bbox.left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = grid;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (let x = bbox.left - bbox.height; x < right; x += 8 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }

  #drawLimits(plot: uPlot, { bad, warning }: Colours): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.lineWidth = devicePixelRatio;
    ctx.textAlign = 'left';
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    for (const { value, label, isBad } of this.#frame.limits) {
      if (value < 0 || value > this.#frame.top) continue;
      const y = Math.round(plot.valToPos(value, 'y', true));
      ctx.strokeStyle = isBad ? bad : warning;
      ctx.fillStyle = ctx.strokeStyle;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      // Beneath the line where there is room, else above it.
      const isLow = y > bbox.top + bbox.height / 2;
      ctx.textBaseline = isLow ? 'bottom' : 'top';
      ctx.fillText(label, bbox.left + 6 * devicePixelRatio, y + (isLow ? -2 : 2) * devicePixelRatio);
    }
    ctx.restore();
  }

  #drawMarks(plot: uPlot, { bad, warning }: Colours): void {
    const { ctx, bbox } = plot;
    const [from, until] = [plot.scales.x?.min ?? 0, plot.scales.x?.max ?? 0];
    let free = Number.NEGATIVE_INFINITY;
    ctx.save();
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    for (const { atMs, label, isBad } of this.#frame.marks) {
      if (atMs / 1_000 < from || atMs / 1_000 > until) continue;
      const x = Math.round(plot.valToPos(atMs / 1_000, 'x', true));
      ctx.fillStyle = isBad ? bad : warning;
      ctx.fillRect(x, bbox.top, devicePixelRatio, bbox.height);
      const width = ctx.measureText(label).width;
      const left = Math.min(x - width / 2, bbox.left + bbox.width - width);
      if (left < free) continue;
      ctx.fillText(label, left, bbox.top - 3 * devicePixelRatio);
      free = left + width + 8 * devicePixelRatio;
    }
    ctx.restore();
  }
}

interface Colours {
  readonly bad: string;
  readonly warning: string;
}

/** A value between two gaps has no line: it is a dot. */
function isAlone(plot: uPlot, series: number, from: number, until: number): boolean {
  const values = plot.data[series] ?? [];
  for (let index = from; index <= until; index += 1) {
    if (values[index] !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null)
      return true;
  }
  return false;
}

function aligned({ times, maxs, mins, means }: ChartData): uPlot.AlignedData {
  return [[...times], [...maxs], [...mins], [...means]];
}
