import type { Clock } from "../platform/clock.ts";

/** How often a reader looks whether something happened in a store that other processes write to, in milliseconds. */
const LOOK = 100;

/** Waits until it is time to look again, or until the reading ends. */
export function nextLook(clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(LOOK, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}
