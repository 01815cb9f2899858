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
  /** A signal with the value that {@link RunMachine.checkSignal} gave. A second one of its kind and key changes nothing. */
  | { readonly kind: "signal"; readonly signal: string; readonly value?: Json; readonly key?: string }
  | { readonly kind: "cancel"; readonly reason: string }
);

/** The result of checking a signal. */
export type CheckedSignal =
  | { readonly kind: "accepted"; readonly value?: Json }
  | { readonly kind: "refused"; readonly issues: readonly SchemaIssue[] }
  /** No state of the run waits for its kind; it keeps as many of it as it may; it has ended. */
  | { readonly kind: "unknown" | "full" | "ended" };

/** The result of checking an answer. */
export type CheckedAnswer =
  | { readonly kind: "accepted"; readonly value?: Json }
  /** It does not fit; the question stays open. */
  | { readonly kind: "refused"; readonly issues: readonly SchemaIssue[] }
  /** Only the runnable that asks knows the schema. It runs again and checks the answer. */
  | { readonly kind: "unchecked"; readonly value: Json };
