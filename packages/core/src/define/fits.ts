/** The type-level checks of an edge, and the sentences the compiler shows when one fails. */
import type { OrchError } from "../errors/orch-error.ts";
import type { EdgePlace } from "../words/dossier.ts";

declare const problem: unique symbol;

/** A type nothing fits, carrying the two types and a sentence for the reader of the compiler's message. */
export interface TypeProblem<TMessage extends string, TTypes = unknown> {
  readonly [problem]: [TMessage, TTypes];
}

/** What the branches of a fan-out say, and not what its result is wanted for. `NoInfer` would stay in messages. */
export type OfBranch<TType> = [TType] extends [infer TTold extends TType] ? TTold : never;

/** Accepts any target whose input `TOutput` fits; else shows the reader both types, and what to do. */
export type OutputFits<TOutput, TNext> = [TOutput] extends [TNext]
  ? unknown
  : TypeProblem<
      "the output does not fit the input of the next runnable: pass `convert`",
      { output: TOutput; input: TNext }
    >;

/** Accepts any target that takes an error; else shows the reader what to do. */
export type ErrorFits<TNext> = [OrchError] extends [TNext]
  ? unknown
  : TypeProblem<
      "an error does not fit the input of the next runnable: pass `convert`",
      { error: OrchError; input: TNext }
    >;

/** What the methods of an advancer read, as properties: methods alone would let one pass that reads a narrower type. */
export interface AdvancerReads<TOutput, TInput> {
  readonly shouldAdvance: (output: TOutput, input: TInput, place: EdgePlace) => unknown;
  readonly convertOutput: (output: TOutput, input: TInput, place: EdgePlace) => unknown;
  readonly getNextRunnable: (output: TOutput, input: TInput, place: EdgePlace) => unknown;
}

/** A class that cannot make its state again: it takes something else than one object with the state's fields. */
export type UnmakeableTarget<TTarget> = TTarget extends new () => unknown
  ? never
  : TTarget extends new (
        data: infer TData,
      ) => unknown
    ? [NonNullable<TData>] extends [object]
      ? never
      : TTarget
    : never;

/** Accepts an advancer class that can read what the runnable gives and takes, and whose classes can make their states again. */
export type AdvancerFits<TOutput, TReads, TInput, TReadsInput, TAdvancer> = [TOutput] extends [TReads]
  ? [TInput] extends [TReadsInput]
    ? [TAdvancer] extends [AdvancerReads<TOutput, TInput>]
      ? TAdvancer extends { readonly targets: readonly (infer TTarget)[] }
        ? [UnmakeableTarget<TTarget>] extends [never]
          ? unknown
          : TypeProblem<
              "a class among the targets cannot make its state again: let its constructor take one object with the state's fields",
              { target: UnmakeableTarget<TTarget> }
            >
        : unknown
      : TypeProblem<
          "a method of the advancer reads another output or input than the runnable has",
          { output: TOutput; input: TInput }
        >
    : TypeProblem<
        "the advancer reads another input than the runnable takes",
        { input: TInput; reads: TReadsInput }
      >
  : TypeProblem<
      "the advancer reads another output than the runnable gives",
      { output: TOutput; reads: TReads }
    >;
