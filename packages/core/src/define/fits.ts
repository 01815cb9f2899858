/** The type-level checks of an edge, and the sentences the compiler shows when one fails. */
import type { OrchError } from "../errors/orch-error.ts";

declare const problem: unique symbol;

/** A type nothing fits, carrying the two types and a sentence for the reader of the compiler's message. */
export interface TypeProblem<TMessage extends string, TTypes = unknown> {
  readonly [problem]: [TMessage, TTypes];
}

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

/** Accepts an advancer class that can read what the runnable gives and takes; its methods alone would let one of a narrower type pass. */
export type AdvancerFits<TOutput, TReads, TInput, TReadsInput> = [TOutput] extends [TReads]
  ? [TInput] extends [TReadsInput]
    ? unknown
    : TypeProblem<
        "the advancer reads another input than the runnable takes",
        { input: TInput; reads: TReadsInput }
      >
  : TypeProblem<
      "the advancer reads another output than the runnable gives",
      { output: TOutput; reads: TReads }
    >;
