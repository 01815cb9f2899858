import type { Json } from "../durable/json.ts";
import type { SchemaIssue } from "../words/schema.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Something that happened outside a run, as plain JSON. The run is a function of its arrivals in their order, so a
 * driver that keeps them can make the run again in any process. `at` is the wall time, read once, in milliseconds
 * since the epoch.
 */
export type Arrival = { readonly at: number } & (
  | { readonly kind: "begin" }
  /** An attempt ended. `id` is that of its {@link Operation}. */
  | { readonly kind: "ran"; readonly id: string; readonly outcome: Outcome }
  /** A value that `ctx.once` made while an attempt goes on. Only for drivers that keep such values at once. */
  | { readonly kind: "noted"; readonly id: string; readonly name: string; readonly value?: Json }
  /** A wake that was asked for is due. */
  | { readonly kind: "woke"; readonly id: string }
  | { readonly kind: "answer"; readonly question: string; readonly answer: CheckedAnswer }
  | { readonly kind: "cancel"; readonly reason: string }
);

/** The result of checking an answer. */
export type CheckedAnswer =
  | { readonly kind: "accepted"; readonly value?: Json }
  /** It does not fit; the question stays open. */
  | { readonly kind: "refused"; readonly issues: readonly SchemaIssue[] }
  /** Only the runnable that asks knows the schema. It runs again and checks the answer. */
  | { readonly kind: "unchecked"; readonly value: Json };
