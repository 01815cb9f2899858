/**
 * The pieces of a message on the wire of AI SDK UI (`x-vercel-ai-ui-message-stream: v1`), as far as this door sends them. They
 * stand here by hand, so that installing the server does not bring the AI SDK; its own client checks each of them in the tests.
 */
import type { Json } from "@orch/core";
import type { RailState } from "../reply/rail-state.ts";
import type { PublicUsage } from "../words/public-event.ts";

/** What a message says of itself (`message.metadata`). */
export interface UiStatus {
  /** The turn that the message answers. */
  readonly turn?: string;
  /** `waiting`: it goes on when its questions are answered. */
  readonly status?: "running" | "waiting" | "completed" | "failed" | "cancelled" | "parked";
  /** How far the message was told; the client hands it back with an answer. */
  readonly after?: string;
  readonly usage?: PublicUsage;
}

/** What Orch says of a text, a call or a question, beside what the protocol knows. */
export interface UiPlace {
  readonly path: string;
  /** What the state said until here was given up; it may say it anew. */
  readonly cut?: true;
}

/** What a text has in common at its beginning, in each piece and at its end. */
export interface UiTextPart {
  readonly id: string;
  readonly providerMetadata?: { readonly orch: UiPlace };
}

/** One piece of a message. */
export type UiChunk =
  | { readonly type: "start"; readonly messageId: string; readonly messageMetadata: UiStatus }
  | { readonly type: "start-step" }
  | ({ readonly type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end" } & UiTextPart)
  | ({ readonly type: "text-delta" | "reasoning-delta"; readonly delta: string } & UiTextPart)
  | {
      readonly type: "tool-input-available";
      readonly toolCallId: string;
      readonly toolName: string;
      readonly input: Json;
      readonly dynamic: true;
      /** The server runs it, and the client does not. */
      readonly providerExecuted?: true;
      readonly title?: string;
      readonly toolMetadata: { readonly orch: UiPlace };
    }
  | {
      readonly type: "tool-approval-request";
      readonly approvalId: string;
      readonly toolCallId: string;
      readonly reason?: string;
    }
  | {
      readonly type: "tool-approval-response";
      readonly approvalId: string;
      readonly approved: boolean;
      readonly reason?: string;
    }
  | {
      readonly type: "tool-output-available";
      readonly toolCallId: string;
      readonly output: Json;
      readonly dynamic: true;
      readonly providerExecuted?: true;
      readonly preliminary?: true;
    }
  | {
      readonly type: "tool-output-error";
      readonly toolCallId: string;
      readonly errorText: string;
      readonly dynamic: true;
      readonly providerExecuted?: true;
    }
  | { readonly type: "tool-output-denied"; readonly toolCallId: string }
  | { readonly type: "data-state"; readonly id: string; readonly data: RailState }
  | { readonly type: "data-cut"; readonly id: string; readonly data: UiPlace }
  | { readonly type: "data-result"; readonly id: "result"; readonly data: Json }
  | { readonly type: `data-channel-${string}`; readonly data: Json; readonly transient: true }
  | { readonly type: "message-metadata"; readonly messageMetadata: UiStatus }
  | { readonly type: "error"; readonly errorText: string }
  | { readonly type: "abort"; readonly reason: string }
  | {
      readonly type: "finish";
      readonly finishReason: "stop" | "tool-calls" | "interrupted" | "error";
      readonly messageMetadata: UiStatus;
    };
