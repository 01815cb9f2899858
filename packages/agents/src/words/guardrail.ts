/**
 * Checks that stand around an agent: on what it is told, on what it answers, and on its tool calls.
 * A check that throws counts as tripped, because nothing says that all is well.
 */
import type { Json } from "@orch/core";
import type { Message, ToolResultPart } from "./message.ts";
import type { PendingCall } from "./result.ts";

/** Why a guardrail tripped. */
export interface Trip {
  /** A sentence for people; of a tool guardrail that tells, for the model too. */
  readonly reason: string;
  /** What the check found out, for the program. */
  readonly info?: Json;
}

/** What a check is given besides what it checks. */
export interface GuardrailContext {
  /** The agent's name. */
  readonly agent: string;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** The `context` of the run. */
  readonly context: unknown;
}

/** `undefined` lets pass. */
export type GuardrailVerdict = Trip | undefined | Promise<Trip | undefined>;

/** Checks what an agent is told, before its first model call. */
export interface InputGuardrail {
  readonly name: string;
  /**
   * Whether the model is called at the same time. Its text may be seen then before the check has
   * ended; tools still wait. Default false: the check comes first, and a trip costs no model call.
   */
  readonly parallel?: boolean;
  readonly check: (messages: readonly Message[], ctx: GuardrailContext) => GuardrailVerdict;
}

/** Checks an answer before it is given out: text, or the value that fits the schema. */
export interface OutputGuardrail<in TOutput = string> {
  readonly name: string;
  readonly check: (output: TOutput, ctx: GuardrailContext) => GuardrailVerdict;
}

/** Checks tool calls before they run (and before a person is asked), and their results before the model reads them. */
export interface ToolGuardrail {
  readonly name: string;
  /** Names of the tools it stands around. Default: all. */
  readonly tools?: readonly string[];
  /** What a trip does: `stop` the run (the default), or `tell` the model, which goes on without the call or its result. */
  readonly onTrip?: "stop" | "tell";
  readonly before?: (call: PendingCall, ctx: GuardrailContext) => GuardrailVerdict;
  readonly after?: (call: PendingCall, result: ToolResultPart, ctx: GuardrailContext) => GuardrailVerdict;
}

/** The guardrails of an agent. Each list is checked in order, and the first trip counts. */
export interface Guardrails<in TOutput = string> {
  readonly input?: readonly InputGuardrail[];
  readonly output?: readonly OutputGuardrail<TOutput>[];
  readonly tools?: readonly ToolGuardrail[];
}

/** Which guardrail stopped a run, and why. */
export interface GuardrailStop extends Trip {
  readonly name: string;
  readonly stage: "input" | "output" | "tool";
}
