import type { Json } from "../durable/json.ts";
import type { Spending } from "../words/context.ts";
import type { JsonSchema, SchemaIssue } from "../words/schema.ts";

/** How one attempt of a runnable ended, and all that it left, as plain JSON. */
export type Outcome = AttemptDetails &
  (
    | { readonly kind: "completed"; readonly value?: Json }
    /** It threw. With `retryIn` (milliseconds) its retry policy wants another attempt. */
    | { readonly kind: "failed"; readonly error: Json; readonly retryIn?: number }
    /** It cannot go on without these answers. It runs again when one is there. */
    | { readonly kind: "asks"; readonly asks: readonly AttemptQuestion[] }
  );

/** What an attempt leaves besides its end. */
export interface AttemptDetails {
  /** Values that `ctx.once` made and answers that were accepted, by name. They outlive the attempt. */
  readonly notes?: readonly (readonly [name: string, value?: Json])[];
  /** Writes to shared state as `[state, key, kind, value]`. They count when the runnable completes. */
  readonly writes?: readonly Json[];
  readonly spent?: readonly Spending[];
  /** What was sent by `ctx.emit`. */
  readonly output?: readonly AttemptOutput[];
}

/** Live data that an attempt sent on a channel; without `data` it was no JSON, or nothing. */
export interface AttemptOutput {
  readonly channel: string;
  readonly data?: Json;
}

/** A question that a runnable asks by `ctx.ask`. With `issues` it was answered, and the answer does not fit. */
export interface AttemptQuestion {
  readonly name: string;
  readonly prompt: Json;
  /** What an answer has to look like, as a JSON Schema. */
  readonly schema?: JsonSchema;
  readonly issues?: readonly SchemaIssue[];
}
