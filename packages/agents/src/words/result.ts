/** What a run of an agent gives: always the whole conversation, and why it stopped. */
import type { Json } from "@orch/core";
import type { GuardrailStop } from "./guardrail.ts";
import type { Message } from "./message.ts";
import type { ModelFailure, Usage } from "./model.ts";

/** Why a run of an agent stopped. Only `done` carries an `output` that is whole. */
export type StopReason =
  | "done"
  | "max-turns"
  | "max-handoffs"
  | "needs-approval"
  | "needs-results"
  | "guardrail"
  | "refusal"
  | "length"
  | "invalid-output"
  | "budget"
  | "loop"
  | "aborted"
  | "error";

/** A tool call that waits for a person, or for a result from outside. */
export interface PendingCall {
  /** The call's id; inside an agent that is a tool, the ids that lead there, like `call_1/call_4`. */
  readonly id: string;
  readonly name: string;
  readonly input: Json;
  /** Set when the call waits for a result and not for a person. */
  readonly deferred?: true;
}

/** An agent that is a tool, in the middle of its own run. Plain data; give it back as `paused` when the run goes on. */
export interface PausedRun {
  /** The call of the outer agent. */
  readonly callId: string;
  readonly messages: readonly Message[];
  readonly paused?: readonly PausedRun[];
}

/** A tool that may not fail did. */
export interface ToolFailure {
  readonly kind: "tool";
  readonly tool: string;
  readonly message: string;
  /** False, unless the tool is an agent whose own failure may pass. */
  readonly retryable: boolean;
  /** Set when the tool is an agent whose model fails for every other call too. */
  readonly terminal?: boolean;
  /** How long the provider of an agent that is a tool asks us to wait. */
  readonly retryAfterMs?: number;
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
  /** Which guardrail stopped the run; set when `stopReason` is `guardrail`. */
  readonly guardrail?: GuardrailStop;
  /** Inclusive totals of all model calls, those of agents that are tools included. */
  readonly usage: Usage;
  /** The same by model, as `provider/model`. */
  readonly usageByModel: { readonly [model: string]: Usage };
  /** In US dollars; absent when a price is unknown. */
  readonly cost?: number;
  /** Who answered last: the agent the run began with, or the one it was handed to. */
  readonly agent: string;
  /** Calls that wait: with `needs-approval` for `decisions`, the `deferred` ones for `results`. */
  readonly pending: readonly PendingCall[];
  /** The paused runs of inner agents. Pass them back together with the answers. */
  readonly paused?: readonly PausedRun[];
  readonly warnings: readonly string[];
}
