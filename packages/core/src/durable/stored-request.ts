/** Requests: what somebody outside wants of a run, kept beside it until the process that drives the run decides. */
import type { Json } from "./json.ts";

/** An answer to a question of a run. */
export interface AnswerRequest {
  readonly type: "answer";
  readonly question: string;
  /** As it was given, before any schema. */
  readonly value: Json;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** A signal for a run. */
export interface SignalRequest {
  readonly type: "signal";
  /** The name of its kind. */
  readonly signal: string;
  /** As it was given, before any schema. */
  readonly value: Json;
  /** What its sender named it. */
  readonly key?: string;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** What may be kept for a run that no process drives: it counts from then on. */
export type KeepableRequest = AnswerRequest | SignalRequest;

/** The wish that a run is cancelled. */
export interface CancelRequest {
  readonly type: "cancel";
  readonly reason: string;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** What somebody outside wants of a run. */
export type RunRequest = AnswerRequest | SignalRequest | CancelRequest;

/**
 * What became of a request.
 *
 *     open      offered to the process that drives the run, which has not decided yet
 *     kept      an answer or a signal that counts: the next process that takes the run up uses it before anything else
 *     taken     the run has used it
 *     refused   something else was faster, or it does not fit; `detail` of the request says what
 */
export type RequestState = "open" | "kept" | "taken" | "refused";

/** A request as a store keeps it. */
export interface StoredRequest {
  readonly runId: string;
  /** Its number in the run, from 1. */
  readonly number: number;
  readonly request: RunRequest;
  readonly state: RequestState;
  /** Why it was refused, as an error in JSON. */
  readonly detail?: Json;
}

/** What of the requests of a run is not decided. */
export interface UndecidedRequests {
  /** Those that are open or kept, oldest first. */
  readonly requests: readonly StoredRequest[];
  /** How many were ever made of the run. */
  readonly made: number;
}

/** What the process that drives a run decided about a request. */
export interface Verdict {
  readonly number: number;
  readonly state: "taken" | "refused";
  readonly detail?: Json;
}

/** What was known of a run when an answer to it, or a signal for it, was judged. */
export interface Judged {
  /** How many records it had. */
  readonly records: number;
  /** How many requests it had; absent where that does not matter. */
  readonly requests?: number;
  /** In milliseconds since the epoch. */
  readonly now: number;
}
