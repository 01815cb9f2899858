/** The scope in which one field of a schema is filled. */
import type { Json } from "@orch/core";
import type { Evidence } from "./evidence.ts";

/** What a schema is filled from. */
export interface FillSource {
  readonly question: string;
  /** Best first. */
  readonly evidence: readonly Evidence[];
  /** What tools answered as JSON objects, by the names of the fields. */
  readonly told?: ReadonlyMap<string, Json>;
}

/** The quotes that speak for one object: all of them at the top, one or a few in an item of a list. */
export interface Scope extends FillSource {
  readonly top: FillSource;
  readonly item: boolean;
  /** Whether the object has a place of its own for where its quotes come from. */
  readonly cited: boolean;
  readonly index: number;
  readonly query?: string;
}

/** `backed` says that something in the conversation or the files speaks for the value. */
export interface Filled {
  readonly value: Json;
  readonly backed: boolean;
}
