import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { FlowPart, Tap } from './default-flow.ts';
import { type RunningNodeRed, startNodeRed } from './node-red.ts';
import { gap } from './pace.ts';
import { until } from './until.ts';

/** A default alert and its real cause. */
export interface AlertRow {
  readonly name: string;
  /** What rings, each by itself; the alert as a whole where it is left out. */
  readonly keys?: readonly string[];
  readonly begin: () => unknown;
  /** What happens again and again while the cause lasts. */
  readonly goOn?: () => Promise<unknown>;
  readonly end: () => unknown;
}

export interface WorldOptions {
  readonly flow: FlowPart[];
  readonly tap: Tap;
  readonly userDir: string;
  readonly env: NodeJS.ProcessEnv;
}

const GO_ON_MS = 4_000;
/** All that a slow machine may need, in ms. */
const DEADLINE_MS = 60_000;
const CONTROL = 'never silent';

/** An alert of the test's own that rings when it is asked to, and tells by its reminder that the others' was due. */
function controlNodes(): FlowPart[] {
  const at = { z: 'infra0000000tab', x: 400, y: 900 };
  const alert = { type: 'alert', name: CONTROL, kind: 'state', field: 'control', bad: 'bad', good: 'good' };
  return [
    { id: 'controlin', ...at, type: 'http in', url: '/control', method: 'post', wires: [['control', 'controlout']] },
    { id: 'controlout', ...at, type: 'http response', statusCode: '204', wires: [] },
    { id: 'control', ...at, ...alert, each: [], remindMinutes: '1', wires: [['tapjson']] },
  ];
}

/** A Node-RED with the default flow, in which alerts live through what an operator and a bad day do to them. */
export class AlertWorld {
  readonly tap: Tap;
  readonly #t: TestContext;
  readonly #options: WorldOptions;
  #flow: FlowPart[];
  #red: RunningNodeRed | undefined;

  constructor(t: TestContext, options: WorldOptions) {
    this.#t = t;
    this.tap = options.tap;
    this.#options = options;
    this.#flow = [...options.flow, ...controlNodes()];
  }

  get red(): RunningNodeRed {
    if (this.#red === undefined) throw new Error('it is not started');
    return this.#red;
  }

  async start(): Promise<void> {
    const { userDir, env } = this.#options;
    this.#red = await startNodeRed(this.#t, { userDir, flow: this.#flow, env });
    await this.red.logged(/Started flows/, DEADLINE_MS);
  }

  /** Deploys the flow with other properties of some nodes, by their names. */
  async deploy(edits: { readonly [name: string]: object } = {}): Promise<void> {
    this.#flow = this.#flow.map((part) => ({ ...part, ...edits[part.name ?? ''] }));
    await this.red.api('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
      body: JSON.stringify(this.#flow),
    });
  }

  /** Some end only minutes after the last of their records: who waits for the end shortens that. */
  endSoon(name: string): Promise<void> {
    return this.deploy({ [name]: { windowSeconds: '5', endSeconds: '1' } });
  }

  /** Sends a JSON body to a path of the flow, or of the admin API. */
  post<T>(path: string, body: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    return this.red.api(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /**
   * Each row rings once, and once only over a Deploy; reminds; says nothing more once it is silenced, over a `kill -9` and
   * while the cause lasts; and ends with its cause. `onReminded` is called before they are silenced.
   */
  async liveThrough(rows: readonly AlertRow[], onReminded: () => unknown = () => undefined): Promise<void> {
    const over = new AbortController();
    this.#t.after(() => over.abort());
    await Promise.all(rows.map(({ begin }) => begin()));
    const lasting = rows.map((row) => this.#goOn(row, over.signal));
    await this.#untilAll(rows, 'firing', 2 * DEADLINE_MS);
    await this.deploy();
    await this.#untilAll(rows, 'reminder', 2 * DEADLINE_MS);
    await onReminded();

    await Promise.all(rows.map(({ name }) => this.#command(name, { silence: '1h' })));
    await this.post('/control', { control: 'bad' });
    await this.tap.until([CONTROL], 'firing', DEADLINE_MS);
    const said = this.#words(rows);
    await this.red.kill();
    await this.start();
    await this.tap.until([CONTROL], 'reminder', 2 * DEADLINE_MS);
    assert.deepEqual(this.#words(rows), said, 'what is silent says nothing');
    for (const row of rows) {
      const { firing } = await this.#command<{ firing: number }>(row.name, { wake: true });
      assert.ok(firing >= (row.keys?.length ?? 1), `${row.name} went on in the silence: ${firing}`);
    }
    await this.post('/control', { control: 'good' });

    over.abort();
    await Promise.all(lasting);
    // One after the other: some of them deploy.
    for (const { end } of rows) await end();
    await this.#untilAll(rows, 'resolved', 2 * DEADLINE_MS);
    for (const { name, keys = [undefined] } of rows) {
      for (const key of keys) {
        const [first, ...rest] = this.tap.story(name, key);
        assert.deepEqual([first, ...new Set(rest)], ['firing', 'reminder', 'resolved'], `${name} ${key ?? ''}`);
        assert.equal(rest.filter((word) => word === 'resolved').length, 1, `${name} ${key ?? ''} ends once`);
      }
    }
  }

  async #goOn({ goOn }: AlertRow, signal: AbortSignal): Promise<void> {
    while (goOn !== undefined && !signal.aborted) {
      // Node-RED may be away for a moment.
      await goOn().catch(() => undefined);
      await gap(GO_ON_MS);
    }
  }

  #command<T>(name: string, command: object): Promise<T> {
    const id = this.#flow.find((part) => part.name === name)?.id;
    return this.post(`/infra-monitoring/alert/${id}/silence`, command);
  }

  #words(rows: readonly AlertRow[]): string[] {
    return rows.flatMap(({ name, keys = [undefined] }) =>
      keys.map((key) => `${name} ${key ?? ''}: ${this.tap.story(name, key).join(', ')}`),
    );
  }

  async #untilAll(rows: readonly AlertRow[], word: string, deadlineMs: number): Promise<void> {
    const missing = () =>
      rows.flatMap(({ name, keys = [undefined] }) =>
        keys.filter((key) => !this.tap.story(name, key).includes(word)).map((key) => `${name} ${key ?? ''}`),
      );
    const told = () => this.tap.records.map(({ message }) => message).join('\n');
    await until(
      () => missing().length === 0,
      deadlineMs,
      () => `${word} of ${missing().join(', ')}:\n${told()}`,
    );
  }
}
