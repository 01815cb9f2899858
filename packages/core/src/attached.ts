/** What some activations carry besides themselves; made only for those that need it. */
import type { CancelTimer } from "./clock.ts";
import type { Spending } from "./context.ts";
import type { StateWrite } from "./state-values.ts";

/** A memo of `ctx.once` or `ctx.ask`, or what a host keeps of a wait. */
export type Note =
  | { readonly kind: "kept"; readonly value: unknown }
  | { readonly kind: "coming"; readonly value: Promise<unknown> };

/** What belongs to one activation. */
export interface Attached {
  /** Timers that end with it. */
  alarms: CancelTimer[];
  /** By name; they outlive an attempt, and on a durable host the process. */
  notes: Map<string, Note>;
  /** Writes to shared state, which count when it completes. */
  writes: StateWrite[];
  /** What it has spent since its last record. */
  spent: Spending[];
}
