/** The events of AG-UI that the door sends, as they stand on the wire. */
import type { Json, JsonSchema } from "@orch/core";

/** What the door adds to messages and interrupts, under `orch` of their metadata. */
export interface AgUiMark {
  /** The state that it belongs to. */
  readonly path: string;
  /** What the message says was given up, and counts no more. */
  readonly cut?: true;
  readonly failed?: true;
}

/** A question, as an interrupt that a run ends with. */
export interface AgUiInterrupt {
  readonly id: string;
  readonly reason: "confirmation" | "input_required" | "tool_call";
  readonly message: string;
  readonly responseSchema?: JsonSchema;
  readonly metadata: {
    readonly orch: AgUiMark & { readonly state: string; readonly prompt: Json };
  };
}

/** Tokens of one model. */
export interface AgUiUsage {
  readonly provider?: string;
  readonly model?: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A message of a snapshot. */
export type AgUiMessage = { readonly id: string; readonly role: string } & {
  readonly [field: string]: unknown;
};

/** One step of a JSON patch. */
export interface AgUiChange {
  readonly op: "add";
  readonly path: string;
  readonly value: Json;
}

interface Marked {
  readonly metadata?: { readonly orch: AgUiMark };
}
interface OfMessage extends Marked {
  readonly messageId: string;
}
interface OfCall extends Marked {
  readonly toolCallId: string;
}
interface OfRun {
  readonly threadId: string;
  readonly runId: string;
}

/** How a run of the protocol ended. */
export type AgUiOutcome =
  | { readonly type: "success" }
  | { readonly type: "cancelled" }
  | { readonly type: "interrupt"; readonly interrupts: readonly AgUiInterrupt[] };

/** One event. */
export type AgUiEvent =
  | ({ readonly type: "RUN_STARTED"; readonly protocolVersion: "1.0" } & OfRun)
  | ({
      readonly type: "RUN_FINISHED";
      readonly outcome: AgUiOutcome;
      readonly result?: Json;
      readonly usage?: readonly AgUiUsage[];
    } & OfRun)
  | { readonly type: "RUN_ERROR"; readonly message: string; readonly code: string }
  | { readonly type: "STEP_STARTED" | "STEP_FINISHED"; readonly stepName: string }
  | { readonly type: "STATE_SNAPSHOT"; readonly snapshot: Json }
  | { readonly type: "STATE_DELTA"; readonly delta: readonly AgUiChange[] }
  | { readonly type: "MESSAGES_SNAPSHOT"; readonly messages: readonly AgUiMessage[] }
  | ({ readonly type: "TEXT_MESSAGE_START"; readonly role: "assistant" } & OfMessage)
  | ({
      readonly type: "TEXT_MESSAGE_CONTENT" | "REASONING_MESSAGE_CONTENT";
      readonly delta: string;
    } & OfMessage)
  | ({ readonly type: "REASONING_MESSAGE_START"; readonly role: "reasoning" } & OfMessage)
  | ({
      readonly type: "TEXT_MESSAGE_END" | "REASONING_START" | "REASONING_MESSAGE_END" | "REASONING_END";
    } & OfMessage)
  | ({ readonly type: "TOOL_CALL_START"; readonly toolCallName: string } & OfCall)
  | ({ readonly type: "TOOL_CALL_ARGS"; readonly delta: string } & OfCall)
  | ({ readonly type: "TOOL_CALL_END" } & OfCall)
  | ({ readonly type: "TOOL_CALL_RESULT"; readonly role: "tool"; readonly content: string } & OfCall &
      OfMessage)
  | { readonly type: "CUSTOM"; readonly name: string; readonly value: Json };
