import type { JournalStore } from "@orch/core/host";

/** Where one call of a store stops: before the store does it, or when it is done and its caller has not heard so. */
export interface HeldCall {
  /** Which call, counted from 1 once the store is `armed`; with a name, which of that name. */
  readonly at: number;
  readonly name?: keyof JournalStore;
  readonly isDone: boolean;
}

/** A store with one call that stops until it is let go. */
export interface HeldStore {
  readonly store: JournalStore;
  /** From now on calls are counted. */
  readonly arm: () => void;
  /** The name of the call that stopped; `undefined` when it has not come. */
  readonly held: () => string | undefined;
  readonly letGo: () => void;
}

/** Calls that no run waits for, or that a store never makes wait. */
const FREE: ReadonlySet<string> = new Set(["close", "listen", "holdAtMost", "putGraph", "graph"]);

/** Wraps a store. `isLate`: every other call gives a promise too, as a store over a network does. */
export function heldStore(store: JournalStore, call: HeldCall | undefined, isLate: boolean): HeldStore {
  const { promise: open, resolve: letGo } = Promise.withResolvers<void>();
  let count: number | undefined;
  let held: string | undefined;
  const passed = (name: string, act: () => unknown): unknown => {
    const counts = count !== undefined && (call?.name === undefined || call.name === name);
    if (counts) count! += 1;
    if (counts && count === call?.at) {
      held = name;
      return call!.isDone ? later(act, open) : open.then(act);
    }
    return isLate ? Promise.resolve().then(act) : act();
  };
  const wrapped = new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function" || FREE.has(String(name))) return value;
      return (...given: unknown[]) => passed(String(name), () => Reflect.apply(value, target, given));
    },
  });
  return {
    store: wrapped,
    arm: () => {
      count = 0;
    },
    held: () => held,
    letGo,
  };
}

async function later(act: () => unknown, open: Promise<void>): Promise<unknown> {
  try {
    return await act();
  } finally {
    await open;
  }
}
