import type { EventError, Json, OrchestrationEvent } from "@orch/core";

/** How a run ended, as plain JSON. */
export type KeptEnd =
  | { readonly kind: "completed"; readonly value?: Json }
  | { readonly kind: "failed" | "cancelled"; readonly error: EventError };

/** A run as a list shows it. Its JSON begins with these two fields in this order, because lists are sorted by it. */
export interface RunCard {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly runId: string;
  /** The orchestration's id. */
  readonly orchestration: string;
  /** The definition's version, as its author named it. */
  readonly version: string;
  /** The structural hash of the definition. */
  readonly hash: string;
  readonly status: "running" | "waiting" | "paused" | KeptEnd["kind"];
  /** Why it is paused: no worker can drive it now. */
  readonly problem?: string;
  /** When this status began, in milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** A part of what happened in a run. */
export interface RunPage {
  readonly card: RunCard;
  readonly end?: KeptEnd;
  readonly events: readonly OrchestrationEvent[];
  /** Where the next part begins. */
  readonly next: number;
  /** Whether there is more already. */
  readonly more: boolean;
}
