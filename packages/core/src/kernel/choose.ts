/** The part of the transition that enters a runnable made from its input. */

import { runnableProblems } from "../define/definition-problems.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { fieldOf } from "../platform/field-of.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { Activation, type Ended } from "./activation.ts";
import { compiled } from "./compiled.ts";
import type { Decision } from "./decisions.ts";
import { failureOf } from "./failure-of.ts";
import type { ChooseNode } from "./node.ts";
import { enter, leave, type Sink } from "./transition.ts";

/** Choices within choices, which may come back to themselves for ever, are stopped here. */
const DEEPEST = 100;

/** Those that were looked at and found in order. */
const sound = new WeakSet<AnyRunnable>();

/** Makes the runnable and enters it. */
export function openChoose(activation: Activation, sink: Sink): Ended | undefined {
  const recalled = sink.decisions?.recall();
  let error = fieldOf(recalled, "error") as Error | undefined;
  let chosen: AnyRunnable | undefined;
  try {
    chosen = choose(activation, recalled);
  } catch (cause) {
    error ??= failureOf(activation, cause);
  }
  if (error !== undefined) {
    sink.decisions?.note({ error });
    return { kind: "failed", error };
  }
  sink.decisions?.note({ chose: chosen!.id });
  const child = new Activation(activation, compiled(chosen!), activation.input);
  activation.frame = { kind: "choose", child, closing: undefined };
  const ended = enter(child, sink);
  if (ended !== undefined) leave(child, ended, sink);
  return ended;
}

/** Ends as the chosen runnable did. */
export function continueChoose(_activation: Activation, _child: Activation, ended: Ended): Ended {
  return ended;
}

/** Calls the factory, and looks at what it gives as an orchestration looks at its states. */
function choose(activation: Activation, recalled: Decision | undefined): AnyRunnable {
  const refuse = (says: string): FatalError =>
    new FatalError(`The factory of "${activation.runnable.id}" gave ${says}`);
  if (depthOf(activation) > DEEPEST) {
    throw refuse(`a choice ${DEEPEST} times over: let it end with a runnable that chooses nothing.`);
  }
  const given: unknown = (activation.node as ChooseNode).factory(activation.input);
  if (typeof fieldOf(given, "id") !== "string" || typeof fieldOf(given, "invoke") !== "function") {
    throw refuse(`${shapeOf(given)}, and has to give a runnable.`);
  }
  const chosen = given as AnyRunnable;
  if (!sound.has(chosen)) {
    const problems = [...runnableProblems([chosen])].map(({ says }) => says);
    if (problems.length > 0) throw refuse(`a runnable that cannot run. ${problems.join(" ")}`);
    sound.add(chosen);
  }
  const before = fieldOf(recalled, "chose") ?? chosen.id;
  if (before === chosen.id) return chosen;
  throw refuse(
    `"${chosen.id}", and "${before}" when it was first called with this input: make it a pure function of its input.`,
  );
}

/** How many choices are around one another here, this one included. */
function depthOf(activation: Activation): number {
  let depth = 0;
  for (let at: Activation | undefined = activation; at !== undefined; at = at.parent) {
    if (at.node?.kind === "choose") depth += 1;
  }
  return depth;
}
