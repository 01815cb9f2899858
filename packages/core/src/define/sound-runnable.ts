import { FatalError } from "../errors/fatal-error.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { fieldOf } from "../platform/field-of.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { runnableProblems } from "./definition-problems.ts";

/** The runnables that passed the check. */
const sound = new WeakSet<AnyRunnable>();

/** Checks a made runnable like a state of an orchestration; `says` is what a problem begins with. */
export function soundRunnable(given: unknown, says: string): AnyRunnable {
  if (typeof fieldOf(given, "id") !== "string" || typeof fieldOf(given, "invoke") !== "function") {
    throw new FatalError(`${says} ${shapeOf(given)}, and has to give a runnable.`, {
      fix: "Return what runnable(id, function) gave.",
    });
  }
  const made = given as AnyRunnable;
  if (sound.has(made)) return made;
  const problems = [...runnableProblems([made])].map((problem) => problem.says);
  if (problems.length > 0) {
    const fix = "Each problem says what to change.";
    throw new FatalError(`${says} a runnable that cannot run. ${problems.join(" ")}`, { fix });
  }
  sound.add(made);
  return made;
}
