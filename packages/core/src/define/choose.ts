import { FatalError } from "../errors/fatal-error.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { Activation, type Ended, type Frame } from "../kernel/activation.ts";
import { atOnce } from "../kernel/at-once.ts";
import { type Compiled, calledAs, compiled } from "../kernel/compiled.ts";
import type { ChoiceDecision, Decisions } from "../kernel/decisions.ts";
import { failureAgain, failureOf } from "../kernel/failure-of.ts";
import { type KeptForm, keptForm } from "../kernel/kept-form.ts";
import { nodeOf, type OpenNode } from "../kernel/node.ts";
import { enter, leave, type Sink } from "../kernel/transition.ts";
import { copyOf } from "../platform/copy-of.ts";
import { fieldOf } from "../platform/field-of.ts";
import type { AnyRunnable, OutputOf, Runnable } from "../words/runnable.ts";
import {
  type CandidateForm,
  type CandidateOutput,
  type Candidates,
  type CandidatesFit,
  candidateNode,
  candidateProblems,
  formOf,
} from "./candidates.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { soundRunnable } from "./sound-runnable.ts";

/**
 * Picks the state that takes the input, while the run is under way.
 *
 * With named candidates, `pick` gives the name of one. The candidates are drawn, and edge coverage counts them; a state is
 * called by the name of its candidate. A candidate is a runnable, a function of the input that makes one, or either with a
 * conversion of the input, as `{ to, convert }`. The name that was picked is kept, so that a resumed run does not ask `pick`
 * again.
 *
 * With a factory, what may come of it is not known before: `factory` looks at the input and gives the runnable that takes it.
 *
 * `pick`, conversions and factories are synchronous and pure, because a resumed run calls a factory again and has to get the
 * same runnable.
 *
 * @example
 * ```ts
 * const work = choose("work", { coding: (task) => codingIn(task.language), writing }, (task: Task) => task.kind);
 * const made = choose("made", (task: Task) => task.kind === "code" ? codingIn(task.language) : writing);
 * ```
 */
export function choose<TInput, TMade extends Runnable<TInput, unknown>>(
  id: string,
  factory: (input: TInput) => TMade,
  options?: CompositeOptions,
): Runnable<TInput, OutputOf<TMade>>;
export function choose<TInput, TOutput>(
  id: string,
  factory: (input: TInput) => Runnable<TInput, TOutput>,
  options?: CompositeOptions,
): Runnable<TInput, TOutput>;
// The named form comes last: it is of the last form that the compiler speaks when none fits.
export function choose<TInput, TCandidates extends Candidates<TInput>>(
  id: string,
  candidates: TCandidates & CandidatesFit<TCandidates>,
  pick: (input: TInput) => NoInfer<keyof TCandidates & string>,
  options?: CompositeOptions,
): Runnable<TInput, CandidateOutput<TCandidates>>;
export function choose(
  id: string,
  from: Candidates<never> | ((input: never) => AnyRunnable),
  second?: ((input: never) => string) | CompositeOptions,
  third: CompositeOptions = {},
): Runnable<never, unknown> {
  if (typeof from === "function") {
    const options = (second as CompositeOptions | undefined) ?? {};
    return composite(id, options, chooseNode(byFactory(id, from as (input: unknown) => AnyRunnable)));
  }
  const forms = new Map(Object.entries(from ?? {}).map(([name, one]) => [name, formOf(one)]));
  return composite(id, third, {
    ...chooseNode(amongCandidates(id, forms, second as (input: unknown) => string)),
    ...candidateNode(forms),
    problems: () => candidateProblems(id, forms, second),
  });
}

/** A choice that is read without its code: `remake` makes what was chosen from its kept form. */
export function remadeChoice(
  id: string,
  remake: (form: KeptForm) => AnyRunnable,
  options: CompositeOptions,
  candidates: readonly KeptForm[] | undefined,
): Runnable<never, unknown> {
  const known = new Map(
    candidates?.map((form) => [
      form.id,
      { runnable: form.made === true ? undefined : remake(form), convert: undefined },
    ]),
  );
  const again: ChooseOrigin["again"] = ({ chose, form }) => {
    const kept = (form as KeptForm | undefined) ?? { id: chose, kind: "runnable" };
    const runnable = known.get(chose)?.runnable ?? remake(kept);
    return { runnable: calledAs(compiled(runnable), chose) };
  };
  const choose = (): never => {
    throw new FatalError(`"${id}" was made from what a store keeps, and can only be read.`);
  };
  const inside = candidates === undefined ? {} : candidateNode(known);
  return composite(id, options, { ...chooseNode({ choose, again }), ...inside });
}

/** What was chosen. */
interface Chosen {
  /** It is called by the name of its candidate. */
  readonly runnable: Compiled;
  readonly convert?: CandidateForm["convert"];
  /** What is inside it, where nothing but this choice tells. */
  readonly form?: KeptForm | undefined;
}

/** How the runnable comes about: anew, or as it was chosen before. */
interface ChooseOrigin {
  readonly choose: (input: unknown) => Chosen;
  readonly again: (decision: ChoiceDecision, input: unknown) => Chosen;
}

type ChooseNode = OpenNode & ChooseOrigin;

function chooseNode(origin: ChooseOrigin): ChooseNode {
  return {
    kind: "choose",
    open: openChoose,
    proceed: (_activation, _child, ended) => ended,
    within: ({ frame }) => [(frame as ChooseFrame).child],
    factory: (input, name) => origin.again({ chose: name }, input).runnable,
    ...origin,
  };
}

function byFactory(id: string, factory: (input: unknown) => AnyRunnable): ChooseOrigin {
  const says = `The factory of "${id}" gave`;
  const choose = (input: unknown): Chosen => {
    const made = soundRunnable(factory(input), says);
    return { runnable: compiled(made), form: nodeOf(made) && keptForm(made) };
  };
  return {
    choose,
    again: ({ chose }, input) => {
      const chosen = choose(input);
      if (chosen.runnable.id === chose) return chosen;
      const before = `"${chose}" when it was first called with this input.`;
      const fix = "Make it a pure function of its input.";
      throw new FatalError(`${says} "${chosen.runnable.id}", and ${before}`, { fix });
    },
  };
}

function amongCandidates(
  id: string,
  forms: ReadonlyMap<string, CandidateForm>,
  pick: (input: unknown) => string,
): ChooseOrigin {
  const again: ChooseOrigin["again"] = ({ chose }, input) => {
    const form = forms.get(chose);
    if (form === undefined) {
      const said = typeof chose === "string" ? `"${chose}"` : shapeOf(chose);
      const fix = "Return the name of one of them, or add it.";
      throw new FatalError(`"${id}" chose ${said}, and has only ${[...forms.keys()].join(", ")}.`, { fix });
    }
    const { runnable, convert } = form;
    const made = soundRunnable(form.make(input), `The candidate "${chose}" of "${id}" gave`);
    const inside = runnable === undefined && nodeOf(made) !== undefined ? keptForm(made) : undefined;
    return { runnable: calledAs(compiled(made), chose), convert, form: inside };
  };
  return { choose: (input) => again({ chose: atOnce(pick(input)) }, input), again };
}

/** How far a choice is. It ends as the chosen runnable does. */
interface ChooseFrame extends Frame {
  readonly child: Activation;
}

/** The deepest nesting of choices. A choice that returns to itself would never end. */
const DEEPEST = 100;

/** Makes the runnable and enters it. */
function openChoose(activation: Activation, sink: Sink): Ended | undefined {
  const { decisions } = sink;
  const recalled = decisions?.recall();
  const failed = fieldOf(recalled, "error");
  let decided: Decided;
  try {
    if (failed !== undefined) throw failed;
    const known = fieldOf(recalled, "chose") === undefined ? undefined : (recalled as ChoiceDecision);
    decided = decide(activation, known, decisions);
  } catch (cause) {
    const error = cause === failed ? (cause as Error) : failureOf(activation, cause);
    const kept = decisions?.kept(error) ?? error;
    decisions?.note({ error: kept });
    return { kind: "failed", error: failureAgain(activation, kept) };
  }
  // What is inside the chosen runnable is known from here alone.
  decisions?.note(decided.decision);
  const child = new Activation(activation, decided.runnable, copyOf(decided.input));
  const frame: ChooseFrame = { child, closing: undefined };
  activation.frame = frame;
  const ended = enter(child, sink);
  if (ended !== undefined) leave(child, ended, sink);
  return ended;
}

/** The runnable that takes the input, what it receives, and what is kept of that. */
interface Decided {
  readonly runnable: Compiled;
  readonly input: unknown;
  readonly decision: ChoiceDecision;
}

function decide(
  activation: Activation,
  recalled: ChoiceDecision | undefined,
  decisions: Decisions | undefined,
): Decided {
  const { input, node } = activation;
  const { id } = activation.runnable;
  if (depthOf(activation) > DEEPEST) {
    const fix = "Let it end with a runnable that chooses nothing.";
    throw new FatalError(`The factory of "${id}" gave a choice ${DEEPEST} times over.`, { fix });
  }
  const { choose, again } = node as ChooseNode;
  if (recalled !== undefined) {
    const { runnable } = again(recalled, input);
    return { runnable, input: recalled.given === undefined ? input : recalled.given[0], decision: recalled };
  }
  const { runnable, convert, form } = choose(input);
  const chose = runnable.id;
  const decision = form === undefined ? { chose } : { chose, form };
  if (convert === undefined) return { runnable, input, decision };
  const given = convert(input);
  const kept = decisions?.admit([0, 0, given], id, chose)[2] ?? given;
  return { runnable, input: kept, decision: { ...decision, given: [kept] } };
}

/** How many choices are around one another here, this one included. */
function depthOf(activation: Activation): number {
  let depth = 0;
  for (let at: Activation | undefined = activation; at !== undefined; at = at.parent) {
    if (at.node?.kind === "choose") depth += 1;
  }
  return depth;
}
