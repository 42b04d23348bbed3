import type { Slab, SlabEntry } from './slab.ts';

/** A document, found but not read yet. */
export interface Found {
  readonly number: number;
  readonly slab: Slab;
  readonly place: number;
}

/** The documents of one source, in the order in which they came. */
export class Lane {
  /** The kind of record, or the stream of a container. */
  readonly kind: unknown;
  readonly container: unknown;
  readonly slabs: Slab[] = [];
  /** The youngest one. */
  current: Slab | undefined;
  bytes = 0;

  constructor(kind?: unknown, container?: unknown) {
    this.kind = kind;
    this.container = container;
  }

  get count(): number {
    return this.slabs.reduce((count, slab) => count + slab.count, 0);
  }

  get lastNumber(): number {
    return this.current?.lastNumber ?? 0;
  }

  push(slab: Slab): void {
    this.slabs.push(slab);
    this.current = slab;
    this.bytes += slab.bytes;
  }

  shift(): Slab | undefined {
    const slab = this.slabs.shift();
    this.bytes -= slab?.bytes ?? 0;
    if (this.slabs.length === 0) this.current = undefined;
    return slab;
  }

  /** The last `most` documents whose numbers are greater than one and less than the other, the youngest first. */
  newest(most: number, afterNumber: number, beforeNumber: number): Found[] {
    const found: Found[] = [];
    for (let index = this.slabs.length - 1; index >= 0 && found.length < most; index -= 1) {
      const slab = this.slabs[index] as Slab;
      if (slab.lastNumber <= afterNumber) break;
      if (slab.firstNumber >= beforeNumber) continue;
      const places = slab.places(afterNumber);
      for (let at = places.length - 1; at >= 0 && found.length < most; at -= 1) {
        const place = places[at] as number;
        const number = slab.numberAt(place);
        if (number < beforeNumber) found.push({ number, slab, place });
      }
    }
    return found;
  }

  /** Its last document. */
  last(): SlabEntry | undefined {
    const [found] = this.newest(1, 0, Number.POSITIVE_INFINITY);
    return found?.slab.read(found.place);
  }
}
