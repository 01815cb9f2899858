/** Watches whether a program that a test waits for still does anything. */
import { readFileSync } from "node:fs";

/** How long a program may do nothing at all, in milliseconds. */
const PATIENCE = 30_000;
const LOOK_EVERY = 250;

/**
 * Calls `act` when a process did nothing for half a minute: none of its signs (what it wrote, say) changed, and where
 * the system tells, it used no processor time. A slow machine makes progress slow, and a test that waits for progress
 * does not fail for it. Gives a function that ends the watch.
 */
export function whenStill(
  pid: number | undefined,
  signs: () => unknown,
  act: () => void,
  patience: number = PATIENCE,
): () => void {
  let last = `${signs()} ${processorTimeOf(pid)}`;
  let still = 0;
  // Looks are counted, and not the time: where this process gets no time either, nobody looks.
  const timer = setInterval(() => {
    const now = `${signs()} ${processorTimeOf(pid)}`;
    still = now === last ? still + LOOK_EVERY : 0;
    last = now;
    if (still < patience) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY);
  return () => clearInterval(timer);
}

/** User and system time of a process in ticks of the system; empty where the system does not tell, or it is gone. */
function processorTimeOf(pid: number | undefined): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold spaces.
    return text.slice(text.lastIndexOf(")")).split(" ").slice(12, 14).join(" ");
  } catch {
    return "";
  }
}
