import type { Json } from "@orch/core";

/** A run as it was ordered: what a worker needs to drive it. */
export interface KeptOrder {
  /** The orchestration's id. */
  readonly orchestration: string;
  /** The definition's version, as its author named it. */
  readonly version: string;
  /** The structural hash of the definition. Only a worker that has it drives the run. */
  readonly hash: string;
  readonly input?: Json;
  /** How long cancelled work may take to settle, in milliseconds. */
  readonly grace: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What became of an order. `unknown`: no worker has this definition; `known` are the versions that one has of the id. */
export type Ordered =
  | { readonly kind: "created" | "exists" }
  | { readonly kind: "unknown"; readonly known: readonly string[] };

/** The invocation on the server that drives a run; `null` while the run rests. */
export interface Driver {
  readonly driver: string | null;
}
