/** Deeper than anything of use, and far from where the stack ends. */
const MAX_DEPTH = 100;

/** A number of more binary digits takes its time to become text. */
const LARGEST_BIGINT = 1n << 100_000n;

/** What the values of one msg may cost: how many more of them are looked at. */
export interface Budget {
  visits: number;
}

/**
 * JSON of anything: what goes round in a circle or lies too deep is said in its place, bigint is its digits, bytes are
 * base64. `JSON.stringify()` would go through all of a value, however little of it is kept: this ends once the text is
 * longer than `most` or the budget is spent, which an ellipsis says.
 */
export function jsonText(value: unknown, most: number, budget: Budget): string {
  const writer = new JsonWriter(most, budget);
  writer.write(value, '');
  return writer.text;
}

/** The digits of a bigint, but of one whose digits nobody can want. */
export function digits(value: bigint): string {
  return value > -LARGEST_BIGINT && value < LARGEST_BIGINT ? value.toString() : '[too large]';
}

/** Base64 of as many bytes as make a text that is longer than `most`. */
export function base64(bytes: Uint8Array, most: number): string {
  const length = Math.min(bytes.byteLength, Math.ceil((most * 3) / 4) + 3);
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('base64');
}

const BOXES = [String, Number, Boolean, BigInt];

class JsonWriter {
  readonly #most: number;
  readonly #budget: Budget;
  readonly #above: object[] = [];
  #text = '';

  constructor(most: number, budget: Budget) {
    this.#most = most;
    this.#budget = budget;
  }

  get text(): string {
    return this.#budget.visits > 0 ? this.#text : `${this.#text}…`;
  }

  /** Writes a value after `start`. False where JSON has nothing for it. */
  write(value: unknown, key: string, start = ''): boolean {
    this.#budget.visits -= 1;
    const item = plainOf(value, key);
    switch (typeof item) {
      case 'string':
        this.#text += start + JSON.stringify(item.length > this.#most ? item.slice(0, this.#most + 1) : item);
        return true;
      case 'number':
        this.#text += start + (Number.isFinite(item) ? item : null);
        return true;
      case 'boolean':
        this.#text += start + item;
        return true;
      case 'bigint':
        this.#text += `${start}"${digits(item)}"`;
        return true;
      case 'object':
        this.#text += start;
        this.#writeObject(item);
        return true;
      default:
        return false;
    }
  }

  #writeObject(item: object | null): void {
    if (item === null) this.#text += 'null';
    else if (item instanceof Uint8Array) this.#text += `"${base64(item, this.#most)}"`;
    else if (this.#above.includes(item)) this.#text += '"[circular]"';
    else if (this.#above.length >= MAX_DEPTH) this.#text += '"[deeper]"';
    else {
      this.#above.push(item);
      if (Array.isArray(item) || isNumbers(item)) this.#writeList(item);
      else this.#writeMembers(item as { readonly [key: string]: unknown });
      this.#above.pop();
    }
  }

  #writeList(list: ArrayLike<unknown>): void {
    this.#text += '[';
    for (let index = 0; index < list.length && !this.#isSpent; index += 1) {
      const start = index === 0 ? '' : ',';
      if (!this.write(list[index], String(index), start)) this.#text += `${start}null`;
    }
    this.#text += ']';
  }

  #writeMembers(members: { readonly [key: string]: unknown }): void {
    this.#text += '{';
    let comma = '';
    for (const key of Object.keys(members)) {
      if (this.#isSpent) break;
      const name = key.length > this.#most ? key.slice(0, this.#most + 1) : key;
      if (this.write(members[key], key, `${comma}${JSON.stringify(name)}:`)) comma = ',';
    }
    this.#text += '}';
  }

  get #isSpent(): boolean {
    return this.#text.length > this.#most || this.#budget.visits <= 0;
  }
}

/** The value as `JSON.stringify()` sees it: what its `toJSON()` gives, and taken out of its box. */
function plainOf(value: unknown, key: string): unknown {
  // A Buffer's own toJSON() makes a number of each byte.
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const { toJSON } = value as { toJSON?: unknown };
  const item = typeof toJSON === 'function' ? toJSON.call(value, key) : value;
  return BOXES.some((box) => item instanceof box) ? (item as object).valueOf() : item;
}

/** A typed array of numbers. */
function isNumbers(item: object): item is ArrayLike<unknown> & object {
  return ArrayBuffer.isView(item) && !(item instanceof DataView);
}
