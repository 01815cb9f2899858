import type { Json } from "@orch/core";

/** A value of `ctx.once`; without one it was `undefined`. */
export type OnceNote = readonly [name: string, value?: Json];

/** A value that an attempt keeps while it goes on. */
export interface KeptNote {
  /** The id of the operation. */
  readonly operation: string;
  readonly note: OnceNote;
}
