/** What a run of an agent gives: always the whole conversation, and why it stopped. */
import type { Json } from "@orch/core";
import type { Message } from "./message.ts";
import type { ModelFailure, Usage } from "./model.ts";

/** Why a run of an agent stopped. Only `done` carries an `output` that is whole. */
export type StopReason =
  | "done"
  | "max-turns"
  | "needs-approval"
  | "guardrail"
  | "refusal"
  | "length"
  | "invalid-output"
  | "budget"
  | "loop"
  | "aborted"
  | "error";

/** A tool call that waits for a person. */
export interface PendingCall {
  readonly id: string;
  readonly name: string;
  readonly input: Json;
}

/** A tool that may not fail did. */
export interface ToolFailure {
  readonly kind: "tool";
  readonly tool: string;
  readonly message: string;
  readonly retryable: false;
  readonly retryAfterMs?: never;
}

/** What made a run stop with `error`: the provider, or a tool whose failure ends the run. */
export type AgentFailure = ModelFailure | ToolFailure;

/** The result of `runAgent`. */
export interface AgentResult<TOutput = string> {
  /** The input and everything that was said since; each tool call has its result, save those in `pending`. */
  readonly messages: readonly Message[];
  /** How many of `messages` came in as input; the rest is new. */
  readonly inputCount: number;
  /** The answer: text, or the value that fits the agent's output schema. Absent unless `stopReason` is `done`. */
  readonly output?: TOutput;
  /** What the model wrote last, when it did not fit the schema. */
  readonly rawOutput?: string;
  readonly stopReason: StopReason;
  /** What the provider or a tool reported; always set when `stopReason` is `error`. */
  readonly failure?: AgentFailure;
  /** Inclusive totals of all model calls. */
  readonly usage: Usage;
  /** In US dollars; absent when a price is unknown. */
  readonly cost?: number;
  readonly agent: string;
  readonly pending: readonly PendingCall[];
  readonly warnings: readonly string[];
}
