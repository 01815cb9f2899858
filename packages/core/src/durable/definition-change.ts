import type { Graph } from "../words/graph.ts";

/** What became of the definition of a run since it was started. */
export interface DefinitionChange {
  /** Whether its structure is the same. The bodies of functions are not compared. */
  readonly same: boolean;
  /** Where the journal fits nothing, so that the run cannot be taken up; absent where it can. */
  readonly misfit?: { readonly record: number; readonly path: string };
  /** The structure as it was. Absent where the store keeps no graph of that time. */
  readonly before?: Graph;
}
