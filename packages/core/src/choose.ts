/** The part of the transition that enters a runnable made from its input. */
import { Activation, type Ended } from "./activation.ts";
import { compiled } from "./compiled.ts";
import type { ChooseNode } from "./composite/node.ts";
import { runnableProblems } from "./definition-problems.ts";
import { FatalError } from "./errors/fatal-error.ts";
import { shapeOf } from "./errors/no-advance-error.ts";
import { RunnableError } from "./errors/runnable-error.ts";
import type { AnyRunnable } from "./fits.ts";
import { enter, leave, type Sink } from "./transition.ts";

/** Choices within choices, which may come back to themselves for ever, are stopped here. */
const DEEPEST = 100;

/** Those that were looked at and found in order. */
const sound = new WeakSet<AnyRunnable>();

/** Makes the runnable and enters it. */
export function openChoose(activation: Activation, sink: Sink): Ended | undefined {
  const node = activation.node as ChooseNode;
  let chosen: AnyRunnable;
  try {
    chosen = make(activation, node);
  } catch (cause) {
    const { error } = failed(activation, cause);
    const before = sink.decisions?.recall();
    const known = typeof before === "object" && "error" in before ? before.error : error;
    sink.decisions?.note({ error: known });
    return { kind: "failed", error: known };
  }
  const recalled = sink.decisions?.recall();
  if (typeof recalled === "object" && "error" in recalled) return { kind: "failed", error: recalled.error };
  if (typeof recalled === "object" && "chose" in recalled && recalled.chose !== chosen.id) {
    const says = `The factory of "${activation.runnable.id}" gave "${chosen.id}", and "${recalled.chose}" when it was first called with this input: make it a pure function of its input.`;
    return failed(activation, new FatalError(says));
  }
  sink.decisions?.note({ chose: chosen.id });
  const child = new Activation(activation, compiled(chosen), activation.input);
  activation.frame = { kind: "choose", child, closing: undefined };
  const ended = enter(child, sink);
  if (ended === undefined) return undefined;
  leave(child, ended, sink);
  return ended;
}

/** Ends as the chosen runnable did. */
export function continueChoose(_activation: Activation, _child: Activation, ended: Ended): Ended {
  return ended;
}

function make(activation: Activation, node: ChooseNode): AnyRunnable {
  let depth = 0;
  for (let up = activation.parent; up !== undefined; up = up.parent) {
    if (up.node?.kind === "choose") depth += 1;
  }
  if (depth >= DEEPEST) {
    throw new FatalError(
      `The factory of "${activation.runnable.id}" gave a choice ${DEEPEST} times over: let it end with a runnable that chooses nothing.`,
    );
  }
  const chosen: unknown = node.factory(activation.input);
  const isRunnable =
    typeof chosen === "object" && chosen !== null && "id" in chosen && typeof chosen.id === "string";
  if (isRunnable && "invoke" in chosen && typeof chosen.invoke === "function") {
    return checked(activation, chosen as AnyRunnable);
  }
  throw new FatalError(
    `The factory of "${activation.runnable.id}" gave ${shapeOf(chosen)}, and has to give a runnable.`,
  );
}

/** Looks at a runnable made while the run is under way as an orchestration looks at its states. */
function checked(activation: Activation, chosen: AnyRunnable): AnyRunnable {
  if (sound.has(chosen)) return chosen;
  const problems = [...runnableProblems([chosen])];
  if (problems.length > 0) {
    const says = problems.map((problem) => problem.says).join(" ");
    throw new FatalError(
      `The factory of "${activation.runnable.id}" gave a runnable that cannot run. ${says}`,
    );
  }
  sound.add(chosen);
  return chosen;
}

function failed(
  { runnable, path, visit, input }: Activation,
  cause: unknown,
): { readonly kind: "failed"; readonly error: Error } {
  const facts = { runnable: runnable.id, path, visit, attempt: 1, input };
  return { kind: "failed", error: new RunnableError(facts, cause) };
}
