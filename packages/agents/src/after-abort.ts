/** Patience with what was told to stop: a promise that resolves some time after a signal aborted. */
import type { Clock } from "@orch/core";

/** A wait that began with a signal, and the way to end it early. */
export interface AfterAbort {
  /** Resolves `ms` after the signal aborted; never when it does not abort, or after `dispose`. */
  readonly passed: Promise<void>;
  /** Ends the listener and the timer. */
  readonly dispose: () => void;
}

/** How long something that was told to stop may take to do so, in milliseconds. */
export const GRACE = 1_000;

/** Starts to wait for `ms` milliseconds from the moment `signal` aborts. */
export function afterAbort(signal: AbortSignal, ms: number, clock: Clock): AfterAbort {
  let cancel: () => void = () => {};
  let listener: () => void = () => {};
  const passed = new Promise<void>((resolve) => {
    listener = () => {
      cancel = clock.after(ms, resolve);
    };
    if (signal.aborted) listener();
    else signal.addEventListener("abort", listener, { once: true });
  });
  const dispose = (): void => {
    signal.removeEventListener("abort", listener);
    cancel();
  };
  return { passed, dispose };
}
