import type { Locator, Page } from 'playwright-core';
import type { Dialog } from './dialog.ts';
import type { Editor } from './editor.ts';

/** A person at the editor whose clicks and keys are counted: a double click is two, a drag is one, a select box is two. */
export class Hand {
  readonly #editor: Editor;
  readonly #page: Page;
  clicks = 0;
  keys = 0;

  constructor(editor: Editor) {
    this.#editor = editor;
    this.#page = editor.page;
  }

  async drop(type: string, x: number, y: number): Promise<string> {
    this.clicks += 1;
    return this.#editor.drop(type, x, y);
  }

  /** Drags a wire from an output of one node to the input of another. */
  async wire(from: string, to: string, output = 0): Promise<void> {
    this.clicks += 1;
    const start = this.#page.locator(`[id="${from}"] .red-ui-flow-port-output`).nth(output);
    const end = this.#page.locator(`[id="${to}"] .red-ui-flow-port-input`);
    const [a, b] = [await start.boundingBox(), await end.boundingBox()];
    if (a === null || b === null) throw new Error(`no ports to wire ${from} to ${to}`);
    await this.#page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
    await this.#page.mouse.down();
    await this.#page.mouse.move(b.x + b.width / 2 - 20, b.y + b.height / 2, { steps: 5 });
    await this.#page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 5 });
    await this.#page.mouse.up();
  }

  /** A double click on a node. */
  async open(id: string): Promise<Dialog> {
    this.clicks += 2;
    return this.#editor.open(id);
  }

  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  async choose(select: Locator, value: string): Promise<void> {
    this.clicks += 2;
    await select.focus();
    await select.selectOption(value);
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    this.keys += text.length;
    await this.#page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.#page.keyboard.press(key);
  }

  async done(dialog: Dialog): Promise<void> {
    this.clicks += 1;
    await dialog.done();
  }

  async deploy(): Promise<void> {
    this.clicks += 1;
    await this.#editor.deploy();
  }

  get counts(): string {
    return `${this.clicks} clicks, ${this.keys} keys`;
  }
}
