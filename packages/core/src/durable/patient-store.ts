import type { JournalStore } from "./journal-store.ts";
import type { Patience } from "./patience.ts";

/**
 * A store whose calls wait for a while when its place is locked or full. It passes on every method of the store, so that
 * it needs no change with a new one; `close` waits for nothing, and a snapshot is not worth a wait.
 */
export function patientStore(store: JournalStore, patience: Patience): JournalStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const method = value as (...given: unknown[]) => unknown;
      if (name === "close" || name === "putSnapshot") return method.bind(target);
      return (...given: unknown[]) => patience.call(() => method.apply(target, given));
    },
  });
}
