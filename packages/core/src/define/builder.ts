/** The builder's types: what may be said about an orchestration, and what the compiler checks of it. */

import { InvalidDefinitionError } from "../errors/invalid-definition-error.ts";
import type { OrchError } from "../errors/orch-error.ts";
import type { EdgeAddition } from "../kernel/definition.ts";
import { type AdvancerLabel, type EdgeCondition, OrchestrationAdvancer } from "../words/advancer.ts";
import type { DossierAddition, EdgePlace } from "../words/dossier.ts";
import type { Limits } from "../words/limits.ts";
import type { AnyRunnable, EdgeSource, EdgeTarget, OutputOf, Runnable } from "../words/runnable.ts";
import type { DefinitionDraft, EdgeDraft } from "./definition-draft.ts";
import type { AdvancerFits, ErrorFits, OutputFits } from "./fits.ts";
import { readsInput } from "./reads-input.ts";

/** An edge that may add to a dossier. */
export interface AddingAdvancer<TOutput, TInput> extends AdvancerLabel {
  /** What it adds to a dossier, as `desk.add(...)` says. It is there from the next state on. */
  readonly add?: DossierAddition<TOutput, NoInfer<TInput>> | undefined;
}

/** An edge whose condition narrows the output, with a conversion from the narrowed type. */
export interface NarrowingAdvancer<TOutput, TNarrow extends TOutput, TNext, TInput = never>
  extends AddingAdvancer<TOutput, TInput> {
  readonly when: (output: TOutput, input: NoInfer<TInput>, place: EdgePlace) => output is TNarrow;
  readonly convert: (output: TNarrow, input: NoInfer<TInput>, place: EdgePlace) => NoInfer<TNext>;
}

/** An edge whose condition narrows the output to what the target takes. */
export interface NarrowingFit<TOutput, TNarrow extends TOutput, TInput = never>
  extends AddingAdvancer<TOutput, TInput> {
  readonly when: (output: TOutput, input: NoInfer<TInput>, place: EdgePlace) => output is TNarrow;
  readonly convert?: undefined;
}

/** An edge with a conversion, which sees the output and the input of the state that it leaves. */
export interface ConvertingAdvancer<TOutput, TNext, TInput = never> extends AddingAdvancer<TOutput, TInput> {
  readonly when?: EdgeCondition<TOutput, NoInfer<TInput>> | undefined;
  readonly convert: (output: TOutput, input: NoInfer<TInput>, place: EdgePlace) => NoInfer<TNext>;
}

/** An edge whose output fits as it is. */
export interface FittingAdvancer<TOutput, TInput = never> extends AddingAdvancer<TOutput, TInput> {
  readonly when?: EdgeCondition<TOutput, NoInfer<TInput>> | undefined;
  readonly convert?: undefined;
}

/** An edge whose source is a failure. */
export interface CatchAdvancer<TInput, TNext> extends AddingAdvancer<OrchError, TInput> {
  /** Whether this failure is taken. What the runnable threw is `error.cause`. */
  readonly when?: ((error: OrchError, input: NoInfer<TInput>, place: EdgePlace) => boolean) | undefined;
  readonly convert: (error: OrchError, input: NoInfer<TInput>, place: EdgePlace) => NoInfer<TNext>;
}

/** An edge whose source is a failure, to a runnable that takes the error itself. */
export interface FittingCatch<TInput> extends AddingAdvancer<OrchError, TInput> {
  readonly when?: CatchAdvancer<TInput, unknown>["when"];
  readonly convert?: undefined;
}

declare const io: unique symbol;
declare const end: unique symbol;

/** Whether a draft names its last states, as the compiler tells it. */
export type DraftEnd = "finished" | "there is no finish: call .finish(runnable) with the last states";

/** A draft that names none of its last states. */
export type OpenDraft = Draft<never, never, Exclude<DraftEnd, "finished">>;

/** Collects the states and edges of one orchestration. */
export interface Draft<TInput, TOutput, TEnd extends DraftEnd = DraftEnd> {
  readonly [io]?: (input: TInput) => TOutput;
  readonly [end]?: TEnd;
  /** The first state; it fixes the orchestration's input type. */
  start<TFirst>(first: Runnable<TFirst, unknown>): Draft<TFirst, TOutput, TEnd>;
  /** A named, reusable advancer: condition, conversion and next runnable in one class. */
  advanceBy<TFrom, TIn, TReads, TNext, TReadsIn, TAdvancer>(
    from: EdgeSource<TIn, TFrom>,
    advancer: TAdvancer &
      OrchestrationAdvancer<TReads, TNext, TReadsIn> &
      AdvancerFits<TFrom, TReads, TIn, TReadsIn, TAdvancer>,
  ): Draft<TInput, TOutput, TEnd>;
  /** An edge. Edges of one runnable are asked in the order they are declared; the first that matches wins. */
  advance<TFrom, TIn, TNarrow extends TFrom, TNext>(
    from: EdgeSource<TIn, TFrom>,
    to: EdgeTarget<TNext>,
    advancer: NarrowingAdvancer<TFrom, TNarrow, TNext, TIn>,
  ): Draft<TInput, TOutput, TEnd>;
  advance<TFrom, TIn, TNarrow extends TFrom>(
    from: EdgeSource<TIn, TFrom>,
    to: EdgeTarget<TNarrow>,
    advancer: NarrowingFit<TFrom, TNarrow, TIn>,
  ): Draft<TInput, TOutput, TEnd>;
  advance<TFrom, TIn, TNext>(
    from: EdgeSource<TIn, TFrom>,
    to: EdgeTarget<TNext> & OutputFits<TFrom, TNext>,
    advancer?: FittingAdvancer<TFrom, TIn>,
  ): Draft<TInput, TOutput, TEnd>;
  advance<TFrom, TIn, TNext>(
    from: EdgeSource<TIn, TFrom>,
    to: EdgeTarget<TNext>,
    advancer: ConvertingAdvancer<TFrom, TNext, TIn>,
  ): Draft<TInput, TOutput, TEnd>;
  /** An edge that a failure of `from` takes, after its retries. `convert` may be left out where the next runnable takes the error. */
  catch<TFrom, TNext>(
    from: EdgeSource<TFrom, unknown>,
    to: EdgeTarget<TNext> & ErrorFits<TNext>,
    advancer?: FittingCatch<TFrom>,
  ): Draft<TInput, TOutput, TEnd>;
  catch<TFrom, TNext>(
    from: EdgeSource<TFrom, unknown>,
    to: EdgeTarget<TNext>,
    advancer: CatchAdvancer<TFrom, TNext>,
  ): Draft<TInput, TOutput, TEnd>;
  /** The last states; their outputs fix the orchestration's output type. A last state that also has advancers finishes only when none of them matches. */
  finish<TLast extends readonly EdgeSource<never, unknown>[]>(
    ...last: TLast
  ): Draft<TInput, TOutput | OutputOf<TLast[number]>, "finished">;
}

/** Says what an orchestration is made of, and returns the draft that `finish` gave. It runs once, while the orchestration is built. */
export type Define<TInput, TOutput> = (o: OpenDraft) => Draft<TInput, TOutput, "finished">;

interface AnyAdvancer extends AdvancerLabel {
  readonly when?: EdgeDraft["when"];
  readonly convert?: EdgeDraft["convert"];
  readonly add?: EdgeAddition;
}

/** Runs `define` and returns the draft. */
export function draftOf<TInput, TOutput>(
  id: string,
  define: Define<TInput, TOutput>,
  limits: Limits,
): DefinitionDraft {
  let first: AnyRunnable | undefined;
  const edges: EdgeDraft[] = [];
  const last: AnyRunnable[] = [];
  const states: AnyRunnable[] = [];
  const edge =
    (cause: EdgeDraft["cause"]) =>
    (from: AnyRunnable, to: AnyRunnable, advancer: AnyAdvancer = {}) => {
      const { when, convert, add, label } = advancer;
      const reads = readsInput(when, convert, add?.make);
      edges.push({ from, targets: [to], cause, label, when, convert, add, readsInput: reads });
      return builder;
    };
  const builder = {
    start(runnable: AnyRunnable) {
      first = runnable;
      return builder;
    },
    advance: edge("output"),
    catch: edge("error"),
    advanceBy(from: AnyRunnable, advancer: OrchestrationAdvancer<unknown, never>) {
      edges.push(edgeOf(from, advancer));
      return builder;
    },
    finish(...runnables: AnyRunnable[]) {
      last.push(...runnables);
      return builder;
    },
    // The last two make a definition again: its states keep their numbers, and its edges their targets.
    mention(...runnables: AnyRunnable[]) {
      states.push(...runnables);
      return builder;
    },
    edge(draft: EdgeDraft) {
      edges.push(draft);
      return builder;
    },
  };
  // In plain JavaScript nothing else would tell that the draft is not returned, and the types refuse it.
  if ((define(builder as unknown as OpenDraft) as unknown) !== builder) {
    const says = "The function that defines it does not return its draft: return what .finish(...) gave.";
    throw new InvalidDefinitionError(id, [{ says }]);
  }
  return { id, first, edges, last, limits, states };
}

function edgeOf(from: AnyRunnable, advancer: OrchestrationAdvancer<unknown, never>): EdgeDraft {
  const { shouldAdvance, convertOutput, getNextRunnable, add } = advancer;
  const own = OrchestrationAdvancer.prototype;
  const always = shouldAdvance === own.shouldAdvance;
  const isFirst = getNextRunnable === own.getNextRunnable;
  return {
    from,
    // In plain JavaScript it may have been left out.
    targets: Array.isArray(advancer.targets) ? [...(advancer.targets as readonly AnyRunnable[])] : [],
    cause: "output",
    label: advancer.label ?? advancer.constructor.name,
    readsInput: readsInput(
      always ? undefined : shouldAdvance,
      convertOutput,
      isFirst ? undefined : getNextRunnable,
      (add as EdgeAddition | undefined)?.make,
    ),
    add: add as EdgeAddition | undefined,
    when: always ? undefined : (output, input, place) => advancer.shouldAdvance(output, input, place),
    convert: (output, input, place) => advancer.convertOutput(output, input, place),
    choose: isFirst ? undefined : (output, input, place) => advancer.getNextRunnable(output, input, place),
  };
}
