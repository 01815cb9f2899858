/** Watches whether a program that a test waits for still does anything. */
import { readFileSync } from "node:fs";

/** How long a program may do nothing at all, in milliseconds. */
const PATIENCE = 30_000;
const LOOK_EVERY = 250;

/**
 * The share of a core that a program may use while it only waits: one that looks at its file from time to time uses a fortieth.
 * Counted over the whole patience, it is more than a start of the program needs, and less than what a busy machine leaves to one.
 */
const IDLE_SHARE = 0.05;
/** How many units of processor time the system counts in a second. */
const TICKS = 100;

/**
 * Calls `act` when a process did nothing for half a minute: none of its signs (what it wrote, say) changed, and where
 * the system tells, it used next to no processor time. A slow machine makes progress slow, and a test that waits for
 * progress does not fail for it. Gives a function that ends the watch.
 */
export function whenStill(
  pid: number | undefined,
  signs: () => unknown,
  act: () => void,
  patience: number = PATIENCE,
): () => void {
  const idle = (patience / 1000) * TICKS * IDLE_SHARE;
  let last = `${signs()}`;
  let used = processorTimeOf(pid);
  let still = 0;
  // Looks are counted, and not the time: where this process gets no time either, nobody looks.
  const timer = setInterval(() => {
    const now = `${signs()}`;
    const time = processorTimeOf(pid);
    if (now === last && Math.abs(time - used) <= idle) still += LOOK_EVERY;
    else [last, used, still] = [now, time, 0];
    if (still < patience) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY);
  return () => clearInterval(timer);
}

/** User and system time of a process in ticks of the system; 0 where the system does not tell, or it is gone. */
function processorTimeOf(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold spaces.
    const [user, system] = text.slice(text.lastIndexOf(")")).split(" ").slice(12, 14);
    return Number(user) + Number(system);
  } catch {
    return 0;
  }
}
