/**
 * A list of shared state that a reducer makes. Its items are frozen copies, so whoever reads it gets a list of their
 * own with the same items, and a list that grew by one costs one item.
 *
 * A reducer may change what it is given, and what a program does to a frozen object outside of strict mode is lost without a word. So
 * a reducer is shown each item in a form that looks the same, and that tells when something tries to change it. Then, or when it throws, the
 * reducer is called again with copies of everything.
 */
import { copyOf } from "../platform/copy-of.ts";
import type { StateWrite } from "./state-values.ts";

/** Adds to a list; as its declaration has it. */
type Reduce = (current: never, added: never) => unknown;

/** Objects nested deeper are copied each time. */
const DEEPEST = 100;
/** In lists that are longer, and begin as a known one does, properties beside the items are not looked for again. */
const SHORT = 64;

/** Reducers that change what they are given, or need more than a list of plain data. They get copies at once. */
const copying = new WeakSet<Reduce>();
/** Frozen items, by the form in which reducers see them. */
const frozenOf = new WeakMap<object, object>();
let changes = 0;

const tell = (): boolean => {
  changes += 1;
  return false;
};
const guard: ProxyHandler<object> = {
  set: tell,
  defineProperty: tell,
  deleteProperty: tell,
  setPrototypeOf: tell,
  preventExtensions: tell,
};

/** How a list goes on after some of its items. */
interface Rest {
  readonly same: number;
  readonly items: readonly unknown[];
  readonly shown: readonly unknown[];
}

/** A list whose items nobody can change. */
export class SharedList {
  #items: unknown[];
  #shown: unknown[];
  /** What was made for a reader whose own writes come next, as a rule. */
  #ahead: { readonly writes: readonly StateWrite[]; readonly rest: Rest } | undefined;

  constructor({ items, shown }: Rest) {
    this.#items = items.slice();
    this.#shown = shown.slice();
  }

  /** The list that a reducer made; `undefined` where that needs copies, as with a map in it or the instance of a class. */
  static made(value: unknown, reduce: Reduce): SharedList | undefined {
    const rest = copying.has(reduce) ? undefined : restOf(value, []);
    return rest && new SharedList(rest);
  }

  /** The items, in a list of the reader's own. */
  copy(): unknown[] {
    return this.#items.slice();
  }

  /** The items after these writes, likewise; `undefined` where the reducer has to be called with copies. */
  with(writes: readonly StateWrite[], reduce: Reduce): unknown[] | undefined {
    const rest = this.#reduced(writes, reduce);
    if (rest === undefined) return undefined;
    this.#ahead = { writes, rest };
    const { same, items } = rest;
    return (same === this.#items.length ? this.#items : this.#items.slice(0, same)).concat(items);
  }

  /** Takes writes; `false` where the reducer has to be called with copies. */
  take(writes: readonly StateWrite[], reduce: Reduce): boolean {
    const ahead = this.#ahead;
    const isKnown =
      ahead?.writes.length === writes.length && sameStart(ahead.writes, writes) === writes.length;
    const rest = isKnown ? ahead.rest : this.#reduced(writes, reduce);
    if (rest === undefined) return false;
    this.#ahead = undefined;
    this.#items.length = rest.same;
    this.#shown.length = rest.same;
    for (const item of rest.items) this.#items.push(item);
    for (const item of rest.shown) this.#shown.push(item);
    return true;
  }

  #reduced(writes: readonly StateWrite[], reduce: Reduce): Rest | undefined {
    if (copying.has(reduce)) return undefined;
    const before = changes;
    let rest: Rest | undefined;
    try {
      let value: unknown = this.#shown.slice();
      for (const write of writes) {
        const added = copyOf(write.value);
        value = write.kind === "set" ? added : reduce(value as never, added as never);
      }
      if (changes === before) rest = restOf(value, this.#shown);
    } catch {
      // Called again with copies, it throws its own error, if it has one.
    }
    if (rest === undefined) copying.add(reduce);
    return rest;
  }
}

/** What is new in a list that a reducer made of one that it was shown; `undefined` where something in it cannot be frozen. */
function restOf(value: unknown, before: readonly unknown[]): Rest | undefined {
  if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) return undefined;
  const same = sameStart(value, before);
  if ((same < SHORT || value.length < SHORT) && Object.keys(value).length !== value.length) return undefined;
  const items: unknown[] = [];
  const shown: unknown[] = [];
  for (let index = same; index < value.length; index++) {
    const item: unknown = value[index];
    if (typeof item === "function") return undefined;
    const isObject = typeof item === "object" && item !== null;
    const known = isObject ? frozenOf.get(item) : item;
    const kept = known === undefined && isObject ? frozenCopy(item) : known;
    if (kept === undefined && isObject) return undefined;
    items.push(kept);
    shown.push(known !== undefined || !isObject ? item : shownAs(kept as object));
  }
  return { same, items, shown };
}

/** How many items two lists have in common at their beginning. */
function sameStart(one: readonly unknown[], other: readonly unknown[]): number {
  const most = Math.min(one.length, other.length);
  let same = 0;
  while (same < most && one[same] === other[same]) same += 1;
  return same;
}

/** A copy that nobody can change; `undefined` where there is something in it that cannot be frozen. */
function frozenCopy(item: object): object | undefined {
  const copy = copyOf(item);
  return freeze(copy, item, 0) ? copy : undefined;
}

/** Freezes a copy. What was not copied is not ours to freeze, and what is frozen already stands there twice, as in a circle. */
function freeze(copy: object, item: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(copy);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  if (copy === item || depth > DEEPEST || Object.isFrozen(copy)) return false;
  Object.freeze(copy);
  return Object.entries(copy).every(([key, value]: [string, unknown]) => {
    if (typeof value === "function") return false;
    if (typeof value !== "object" || value === null) return true;
    return freeze(value, (item as { readonly [key: string]: object })[key]!, depth + 1);
  });
}

/** What a reducer sees in the place of a frozen item. */
function shownAs(frozen: object): object {
  const shown = guarded(copyOf(frozen) as { [key: string]: unknown });
  frozenOf.set(shown, frozen);
  return shown;
}

function guarded(copy: { [key: string]: unknown }): object {
  for (const key of Object.keys(copy)) {
    const value = copy[key];
    if (typeof value === "object" && value !== null) copy[key] = guarded(value as { [key: string]: unknown });
  }
  return new Proxy(copy, guard);
}
