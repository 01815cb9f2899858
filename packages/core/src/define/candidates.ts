/** The named candidates of a choice: what they may be, what they give together, and how one of them is made. */
import { shapeOf } from "../errors/no-advance-error.ts";
import { atOnce } from "../kernel/at-once.ts";
import { nodeOf, type OpenNode } from "../kernel/node.ts";
import { fieldOf } from "../platform/field-of.ts";
import type { GraphBranch } from "../words/graph.ts";
import type { AnyRunnable, InputOf, OutputOf, Runnable } from "../words/runnable.ts";
import type { TypeProblem } from "./fits.ts";
import { branchOf } from "./graph-of.ts";

/** A candidate with a conversion: what it receives is made from the input of the choice. */
export interface ConvertedCandidate<TInput> {
  /** The runnable, or a pure function of the choice's input that makes it. */
  readonly to: AnyRunnable | ((input: TInput) => AnyRunnable);
  /** Makes its input; synchronous and pure. */
  readonly convert: (input: TInput) => unknown;
}

/** One candidate: a runnable, a pure function of the input that makes one, or either with a conversion. */
export type Candidate<TInput> =
  | Runnable<TInput, unknown>
  | ((input: TInput) => Runnable<TInput, unknown>)
  | ConvertedCandidate<TInput>;

/** Candidates by name. */
export interface Candidates<TInput> {
  readonly [name: string]: Candidate<TInput>;
}

/** The runnable that a candidate is, or that it makes. */
export type CandidateRunnable<TCandidate> = TCandidate extends { readonly to: infer TTo }
  ? CandidateRunnable<TTo>
  : TCandidate extends (...given: never) => infer TMade
    ? TMade
    : TCandidate;

/** What one of the candidates gives. */
export type CandidateOutput<TCandidates> = OutputOf<CandidateRunnable<TCandidates[keyof TCandidates]>>;

/** Accepts candidates whose conversions give what they take; else shows the reader both types. */
export type CandidatesFit<TCandidates> = {
  readonly [TName in keyof TCandidates]: TCandidates[TName] extends {
    readonly to: unknown;
    readonly convert: (...given: never) => infer TGiven;
  }
    ? [TGiven] extends [InputOf<CandidateRunnable<TCandidates[TName]>>]
      ? unknown
      : TypeProblem<
          "the conversion of the candidate does not give what it takes",
          { gives: TGiven; takes: InputOf<CandidateRunnable<TCandidates[TName]>> }
        >
    : unknown;
};

type AnyCandidate = Candidate<never>;

/** How a candidate is made from an input. */
export interface CandidateForm {
  /** The runnable, where it is known before the input. */
  readonly runnable: AnyRunnable | undefined;
  readonly make: (input: unknown) => unknown;
  readonly convert: ((input: unknown) => unknown) | undefined;
}

/** The form of a candidate. In plain JavaScript it may be anything, which {@link candidateProblems} tells. */
export function formOf(candidate: AnyCandidate): CandidateForm {
  const converted = isConverted(candidate) ? candidate : undefined;
  const to = converted === undefined ? candidate : converted.to;
  const convert = converted?.convert as CandidateForm["convert"];
  if (typeof to === "function") return { runnable: undefined, make: (input) => to(input as never), convert };
  return {
    runnable: to as AnyRunnable,
    make: () => to,
    convert: convert && ((input) => atOnce(convert(input))),
  };
}

function isConverted(candidate: AnyCandidate): candidate is ConvertedCandidate<never> {
  return fieldOf(candidate, "invoke") === undefined && fieldOf(candidate, "to") !== undefined;
}

/** What is wrong with candidates, as sentences. */
export function* candidateProblems(
  id: string,
  forms: ReadonlyMap<string, CandidateForm>,
  pick: unknown,
): Iterable<string> {
  if (typeof pick !== "function") {
    yield `"${id}" has no function that picks a candidate: give it as the third argument.`;
  }
  if (forms.size === 0) yield `The choice "${id}" has no candidates: name at least one.`;
  for (const [name, { runnable, convert }] of forms) {
    if (name === "" || /[/#[\]\s]/.test(name)) {
      yield `"${name}" cannot be the name of a candidate of "${id}": use a word without spaces, "/", "#", "[" and "]".`;
    }
    if (runnable !== undefined && typeof runnable.invoke !== "function") {
      yield `The candidate "${name}" of "${id}" is ${shapeOf(runnable)}: give a runnable, a function that makes one, or { to, convert }.`;
    }
    if (convert !== undefined && typeof convert !== "function") {
      yield `The conversion of the candidate "${name}" of "${id}" is no function.`;
    }
  }
}

/** The part of a choice's node that its candidates make. What a function makes is known once it was made. */
export function candidateNode(
  forms: ReadonlyMap<string, Pick<CandidateForm, "runnable" | "convert">>,
): Pick<OpenNode, "candidates" | "exits" | "inside"> {
  const branches = (): readonly GraphBranch[] =>
    [...forms].map(([key, { runnable, convert }]): GraphBranch => {
      const branch: GraphBranch =
        runnable === undefined
          ? { key, id: key, conditional: true, kind: "runnable", made: true }
          : { ...branchOf(key, runnable, true), id: key };
      return convert === undefined ? branch : { ...branch, converts: true };
    });
  const exits = [...forms.values()].flatMap(({ runnable }) => (runnable && nodeOf(runnable)?.exits) ?? []);
  return {
    ...(exits.length > 0 && { exits }),
    candidates: new Map([...forms].map(([name, { runnable }]) => [name, runnable])),
    inside: () => ({ branches: branches() }),
  };
}
