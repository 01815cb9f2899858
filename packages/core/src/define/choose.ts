import { FatalError } from "../errors/fatal-error.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { Activation, type Ended, type Frame } from "../kernel/activation.ts";
import { compiled } from "../kernel/compiled.ts";
import type { Decision } from "../kernel/decisions.ts";
import { failureAgain, failureOf } from "../kernel/failure-of.ts";
import { type KeptForm, keptForm } from "../kernel/kept-form.ts";
import { nodeOf, type OpenNode } from "../kernel/node.ts";
import { enter, leave, type Sink } from "../kernel/transition.ts";
import { copyOf } from "../platform/copy-of.ts";
import { fieldOf } from "../platform/field-of.ts";
import type { AnyRunnable, Runnable } from "../words/runnable.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { runnableProblems } from "./definition-problems.ts";

/**
 * Makes a state while the run is under way: `factory` looks at the input and gives the runnable that
 * takes it, made for this input or picked from several.
 *
 * The factory is a pure function of its input, because a resumed run calls it again and has to get
 * the same runnable.
 *
 * @example
 * ```ts
 * const workflow = choose("workflow", (task: Task) => task.kind === "code" ? coding(task.language) : writing);
 * ```
 */
export function choose<TInput, TOutput>(
  id: string,
  factory: (input: TInput) => Runnable<TInput, TOutput>,
  options: CompositeOptions = {},
): Runnable<TInput, TOutput> {
  return composite(id, options, chooseNode({ factory: factory as (input: unknown) => AnyRunnable }));
}

/** A choice that is read without its factory: `remake` makes what was chosen from its kept form. */
export function remadeChoice(
  id: string,
  remake: (form: KeptForm) => AnyRunnable,
  options: CompositeOptions,
): Runnable<never, unknown> {
  return composite(id, options, chooseNode({ remake }));
}

/** How the runnable comes about: by the factory, or from what is kept of it. */
interface ChooseOrigin {
  readonly factory?: (input: unknown) => AnyRunnable;
  readonly remake?: (form: KeptForm) => AnyRunnable;
}

type ChooseNode = OpenNode & ChooseOrigin;

function chooseNode(origin: ChooseOrigin): ChooseNode {
  return {
    kind: "choose",
    open: openChoose,
    proceed: (_activation, _child, ended) => ended,
    within: ({ frame }) => [(frame as ChooseFrame).child],
    ...origin,
  };
}

/** How far a choice is. It ends as the chosen runnable does. */
interface ChooseFrame extends Frame {
  readonly child: Activation;
}

/** The deepest nesting of choices. A choice that returns to itself would never end. */
const DEEPEST = 100;

/** The runnables that passed the check. */
const sound = new WeakSet<AnyRunnable>();

/** Makes the runnable and enters it. */
function openChoose(activation: Activation, sink: Sink): Ended | undefined {
  const recalled = sink.decisions?.recall();
  let error = fieldOf(recalled, "error") as Error | undefined;
  let chosen: AnyRunnable | undefined;
  try {
    chosen = callFactory(activation, recalled);
  } catch (cause) {
    error ??= failureOf(activation, cause);
  }
  if (error !== undefined) {
    const kept = sink.decisions?.kept(error) ?? error;
    sink.decisions?.note({ error: kept });
    return { kind: "failed", error: failureAgain(activation, kept) };
  }
  // What is inside the chosen runnable is known from here alone.
  if (sink.decisions !== undefined) sink.decisions.note(recalled ?? choiceOf(chosen!));
  const child = new Activation(activation, compiled(chosen!), copyOf(activation.input));
  const frame: ChooseFrame = { child, closing: undefined };
  activation.frame = frame;
  const ended = enter(child, sink);
  if (ended !== undefined) leave(child, ended, sink);
  return ended;
}

function choiceOf(chosen: AnyRunnable): Extract<Decision, { readonly chose: string }> {
  return nodeOf(chosen) === undefined ? { chose: chosen.id } : { chose: chosen.id, form: keptForm(chosen) };
}

/** Calls the factory, and checks the made runnable like a state of an orchestration. */
function callFactory(activation: Activation, recalled: Decision | undefined): AnyRunnable {
  const { id } = activation.runnable;
  const refuse = (says: string, fix: string): FatalError =>
    new FatalError(`The factory of "${id}" gave ${says}`, { fix });
  if (depthOf(activation) > DEEPEST) {
    throw refuse(`a choice ${DEEPEST} times over.`, "Let it end with a runnable that chooses nothing.");
  }
  const { factory, remake } = activation.node as ChooseNode;
  const known = recalled as Partial<Extract<Decision, { readonly chose: string }>> | undefined;
  if (remake !== undefined && known?.chose !== undefined) {
    return remake((known.form as KeptForm | undefined) ?? { id: known.chose, kind: "runnable" });
  }
  const given: unknown = factory?.(activation.input);
  if (typeof fieldOf(given, "id") !== "string" || typeof fieldOf(given, "invoke") !== "function") {
    throw refuse(
      `${shapeOf(given)}, and has to give a runnable.`,
      "Return what runnable(id, function) gave.",
    );
  }
  const chosen = given as AnyRunnable;
  if (!sound.has(chosen)) {
    const problems = [...runnableProblems([chosen])].map(({ says }) => says);
    if (problems.length > 0)
      throw refuse(`a runnable that cannot run. ${problems.join(" ")}`, "Each problem says what to change.");
    sound.add(chosen);
  }
  const before = fieldOf(recalled, "chose") ?? chosen.id;
  if (before === chosen.id) return chosen;
  throw refuse(
    `"${chosen.id}", and "${before}" when it was first called with this input.`,
    "Make it a pure function of its input.",
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
