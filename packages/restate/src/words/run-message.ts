import type { Json } from "@orch/core";
import type { CheckedSignal, ClosedQuestion } from "@orch/core/host";

/** Something that a client sends to a run. */
export type RunMessage =
  | { readonly kind: "answer"; readonly question: string; readonly value: Json }
  | { readonly kind: "signal"; readonly signal: string; readonly value: Json; readonly key?: string }
  | { readonly kind: "cancel"; readonly reason: string };

/** A message in the inbox of its run. */
export interface SentMessage {
  /** From 1, in the order in which they came. */
  readonly number: number;
  readonly message: RunMessage;
  /** The awakeable by which the client is told what became of it. */
  readonly reply: string;
}

/** What became of a message. */
export type Reply =
  | { readonly kind: "taken" | "duplicate" | "unknown" | "full" | "ended" }
  | ClosedQuestion
  | Extract<CheckedSignal, { readonly kind: "refused" }>
  /** There is no run of this id. */
  | { readonly kind: "absent" };
