// The process that evaluates JSONata. Its first thread hears when Node-RED ends, and ends then; the second one evaluates.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** What an expression asks for: `$env`, `$flowContext`, `$globalContext`. */
export interface Question {
  id: number;
  of: 'env' | 'flow' | 'global';
  name: string;
  /** The store of a context. */
  store: string | undefined;
}

/** What the process says to Node-RED. */
export type Said = { isReady: true } | { isTrue: boolean } | { words: string } | { question: Question };

/** What Node-RED says to the process: an expression and a text, or the answer to a question. */
type Heard = { expression: string; text: string } | { id: number; value?: unknown };

interface Prepared {
  assign(name: string, value: unknown): void;
}

/** The part of `RED.util` that evaluates JSONata. */
interface Util {
  prepareJSONataExpression(expression: string, node: object): Prepared;
  evaluateJSONataExpression(
    prepared: Prepared,
    document: unknown,
    callback: (error: Error | null, value: unknown) => void,
  ): void;
}

type Callback = (error: Error | null, value: unknown) => void;

if (isMainThread) relay();
else serve(createRequire(import.meta.url)(String(workerData)) as Util, (said) => parentPort?.postMessage(said));

function relay(): void {
  const evaluator = new Worker(fileURLToPath(import.meta.url), {
    workerData: process.argv[2],
    stdout: true,
    stderr: true,
  });
  evaluator.on('message', (said) => process.send?.(said));
  evaluator.on('error', () => process.exit(1));
  process.on('message', (heard) => evaluator.postMessage(heard));
  process.on('disconnect', () => process.exit());
}

function serve(util: Util, say: (said: Said) => void): void {
  const open = new Map<number, (value: unknown) => void>();
  let asked = 0;
  const ask = (of: Question['of'], name: string, store?: string): Promise<unknown> => {
    asked += 1;
    const question = { id: asked, of, name: String(name), store: store === undefined ? undefined : String(store) };
    say({ question });
    return new Promise((resolve) => open.set(question.id, resolve));
  };
  const context = (of: Question['of']) => ({
    get: (name: string, store: string | undefined, callback: Callback) =>
      void ask(of, name, store).then((value) => callback(null, value)),
  });
  const contexts = { flow: context('flow'), global: context('global') };
  const evaluate = (expression: string, text: string): void => {
    const prepared = util.prepareJSONataExpression(expression, { context: () => contexts });
    prepared.assign('env', (name: string) => ask('env', name));
    util.evaluateJSONataExpression(prepared, documentOf(text), (error, value) =>
      say(error ? { words: String(error.message) } : { isTrue: value === true }),
    );
  };
  parentPort?.on('message', (heard: Heard) => {
    if ('expression' in heard) evaluate(heard.expression, heard.text);
    else {
      open.get(heard.id)?.(heard.value);
      open.delete(heard.id);
    }
  });
  say({ isReady: true });
}

/** The body as JSONata sees it: parsed where it is JSON, else the text. */
function documentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
