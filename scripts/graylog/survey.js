// What a Graylog has of ours, and what it lacks.
import { KINDS } from './plan.js';
import { isSame } from './same.js';

/** What stands for the id of a thing that is not there yet. */
const NO_ID = 'not made yet';

/** What is there of ours, by kind: a map from the key to `{ key, id, title, body, … }`, in the order of the keys. */
export async function readPresent(graylog) {
  const present = new Map();
  for (const kind of KINDS) {
    const found = await kind.list(graylog);
    const twice = found.find((one, index) => found.findIndex(({ key }) => key === one.key) !== index);
    if (twice !== undefined)
      throw new Error(`There are two of the ${kind.name} "${twice.key}": delete the one that is not in use`);
    // A Graylog lists streams and inputs in another order each time.
    const inOrder = found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    present.set(kind, new Map(inOrder.map((one) => [one.key, one])));
  }
  return present;
}

/** The ids of what is there, and of what is made meanwhile. */
export class Ids {
  #made = new Map();
  #present;

  constructor(present) {
    this.#present = present;
  }

  note(kind, key, id) {
    this.#made.set(`${kind.name} ${key}`, id);
  }

  /** Whether it was made meanwhile. */
  has(kind, key) {
    return this.#made.has(`${kind.name} ${key}`);
  }

  of = (kind, key) => this.#made.get(`${kind.name} ${key}`) ?? this.#present.get(kind).get(key)?.id ?? NO_ID;
}

/** `absent`, `other` or `same`, for one thing that is wanted. */
export function stateOf(entity, present, ids) {
  const found = present.get(entity.kind).get(entity.key);
  if (found === undefined) return 'absent';
  const same = entity.kind.isSame ?? isSame;
  return same(found.body, entity.bodyOf(ids.of)) ? 'same' : 'other';
}

/**
 * What is called like ours and is not wanted: `old`, in the order in which it can go, and `left`, which may be the operator's.
 */
export function leftovers(plan, present) {
  const unwanted = [...KINDS].reverse().flatMap((kind) => {
    const wanted = new Set(plan.filter((one) => one.kind === kind).map(({ key }) => key));
    return [...present.get(kind).values()].filter(({ key }) => !wanted.has(key)).map((found) => ({ kind, found }));
  });
  return {
    old: unwanted.filter(({ kind }) => !kind.holdsData && !kind.keepsUnknown),
    left: unwanted.filter(({ kind }) => kind.keepsUnknown),
  };
}
