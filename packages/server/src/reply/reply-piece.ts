/** What one request of a client is answered with: from the start of a run or an answer on, until the run asks or ends. */
import type { Json } from "@orch/core";
import type { PublicError, PublicUsage } from "../words/public-event.ts";
import type { PublicQuestion } from "../words/public-run.ts";

/** One piece of a reply. */
export type ReplyPiece =
  /** Text of the answer. */
  | { readonly type: "text"; readonly text: string; readonly path: string }
  /** Text that a state says on the way. */
  | { readonly type: "aside"; readonly text: string; readonly path: string; readonly state: string }
  /** The text of this path that was given until now does not count. */
  | { readonly type: "cut"; readonly path: string }
  /** A state began. */
  | {
      readonly type: "state";
      readonly state: string;
      readonly kind: string;
      readonly path: string;
      /** The number of its event. */
      readonly number: number;
    };

/** How a reply ends: `asked` when the run waits for a person, `parked` when this process lets go of it. */
export type ReplyStatus = "completed" | "failed" | "cancelled" | "asked" | "parked";

/** The end of a reply. */
export interface ReplyEnd {
  readonly type: "end";
  readonly status: ReplyStatus;
  /** The number of the last event; 0 where the reading was ended from outside. */
  readonly number: number;
  /** What the run gave; set when it completed. */
  readonly output?: Json;
  readonly error?: PublicError;
  readonly reason?: string;
  /** What the run asks, oldest first. */
  readonly questions: readonly OpenPublicQuestion[];
  /** What this part of the run used; absent when nothing was counted. */
  readonly usage?: PublicUsage;
}

/** A question of a run that waits. */
export type OpenPublicQuestion = Omit<PublicQuestion, "askedAt">;
