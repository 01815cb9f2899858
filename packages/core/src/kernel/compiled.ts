/**
 * Runnables as the engine reads them. They come in many shapes (literals, classes, composites), and a read
 * of an object that may have any shape is slow: here each option is a field, so that all have one shape.
 */

import { type RunErrors, spokenErrors } from "../errors/spoken-errors.ts";
import type { RetryPolicy } from "../words/retry.ts";
import type { AnyRunnable, Rerun } from "../words/runnable.ts";
import type { Schema } from "../words/schema.ts";
import { type CompositeNode, nodeOf } from "./node.ts";

/** A runnable, read once. */
export interface Compiled {
  /** The runnable itself, which is called. */
  readonly source: AnyRunnable;
  readonly id: string;
  /** The inside of a composite; `undefined` for a plain function. */
  readonly node: CompositeNode | undefined;
  readonly input: Schema | undefined;
  readonly output: Schema | undefined;
  readonly retry: RetryPolicy | undefined;
  readonly timeout: number | undefined;
  readonly concurrency: number | undefined;
  readonly maxVisits: number | undefined;
  readonly rerun: Rerun | undefined;
  /** Whether the runnable needs nothing but a call: no schema, retry, timeout or concurrency limit. */
  readonly isPlain: boolean;
  /** Whether its input is needed once more after it was called, by an edge or to enter it again: it is called with a copy. */
  readonly lends: boolean;
  /** Makes the errors of its activations. */
  readonly errors: RunErrors;
  /** What it was made from on the way. */
  readonly made: Made | undefined;
}

/** What a state was made from, by which it is made again. */
export interface Made {
  readonly data: unknown;
  /** What is inside it, as it was kept. */
  readonly form?: unknown;
  /** What it was made of, which its states share a limit of concurrency by. */
  readonly by?: AnyRunnable;
  /** The composite that it is, before that was kept. */
  readonly inside?: AnyRunnable;
}

const known = new WeakMap<AnyRunnable, Compiled>();

/** The runnable as the engine reads it. */
export function compiled(source: AnyRunnable): Compiled {
  let made = known.get(source);
  if (made === undefined) {
    made = readAs(source, spokenErrors, source.rerun !== undefined);
    known.set(source, made);
  }
  return made;
}

/** The runnable as the engine reads it where edges read its input after it ended. */
export function lending(source: AnyRunnable): Compiled {
  return readAs(source, spokenErrors, true);
}

/** The runnable under another name: paths, events and errors call it so. */
export function calledAs(runnable: Compiled, id: string): Compiled {
  return runnable.id === id ? runnable : { ...runnable, id };
}

/** The runnable as the engine reads it, made anew. */
export function readAs(source: AnyRunnable, errors: RunErrors, lends: boolean): Compiled {
  const { id, input, output, retry, timeout, concurrency, maxVisits, rerun } = source;
  const isPlain = [input, output, retry, timeout, concurrency].every((option) => option === undefined);
  const node = nodeOf(source);
  return {
    source,
    id,
    node,
    input,
    output,
    retry,
    timeout,
    concurrency,
    maxVisits,
    rerun,
    isPlain,
    lends,
    errors,
    made: undefined,
  };
}
