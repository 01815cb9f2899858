import type { Json } from "../durable/json.ts";
import type { SchemaIssue } from "../words/schema.ts";

/** Something that a run wants done, after the arrival that led to it is kept. */
export type Effect =
  /** Perform this attempt, here or elsewhere; its first outcome that is kept comes back as `ran`. */
  | { readonly kind: "run"; readonly id: string; readonly operation: Operation }
  /** The run does not want this attempt to go on: abort its signal. It still ends as `ran`, or is dropped. */
  | { readonly kind: "abort"; readonly id: string; readonly reason: string }
  /** Bring `woke` once, not before `due` (milliseconds since the epoch), restarts included. */
  | { readonly kind: "wake"; readonly id: string; readonly due: number }
  /** List the question as open; its first answer of this turn comes back as `answer`. */
  | { readonly kind: "ask"; readonly id: string; readonly question: DriverQuestion }
  /** Tell who answered in this turn. Without `issues` the answer counts, and the question is closed. */
  | {
      readonly kind: "verdict";
      readonly id: string;
      readonly turn: number;
      readonly issues?: readonly SchemaIssue[];
    }
  /** Nothing that this id still brings is wanted: an attempt, a wake or a question. */
  | { readonly kind: "drop"; readonly id: string };

/** One attempt of a runnable, as plain JSON: all that is needed to perform it in this process or another. */
export interface Operation {
  /** Unique in the run and the same in every process. New for each attempt, and for each re-entry after an answer. */
  readonly id: string;
  readonly runId: string;
  /** The activation, as events name it. */
  readonly path: string;
  readonly visit: number;
  /** From 1. */
  readonly attempt: number;
  readonly input?: Json;
  /** In the place of `input`: the error that led to a state by a `catch` edge. */
  readonly failure?: Json;
  /** What earlier attempts noted: values of `ctx.once`, accepted answers. */
  readonly notes?: readonly (readonly [name: string, value?: Json])[];
  /** Answers to `ctx.ask` that this attempt has to check, by the question's name. */
  readonly answers?: readonly (readonly [name: string, value: Json])[];
  /** The writes to shared state that had counted when the attempt was asked for. */
  readonly state?: readonly Json[];
  /** What edges had added to dossiers on the way to it, by their ids. */
  readonly dossiers?: { readonly [id: string]: Json };
  /** What makes it again, outermost first: the inputs of the `choose`s around it, and the data of states that were made on the way. */
  readonly chosen?: readonly (Json | undefined)[];
}

/** A question, as a driver lists it. */
export interface DriverQuestion {
  readonly id: string;
  /** The activation that asks. */
  readonly path: string;
  readonly prompt: Json;
  /** In milliseconds since the epoch. */
  readonly askedAt: number;
  /** From 1; the next after each answer that did not fit. */
  readonly turn: number;
}
