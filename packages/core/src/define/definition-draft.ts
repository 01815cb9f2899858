import type { Edge } from "../kernel/definition.ts";
import type { Limits } from "../words/limits.ts";
import type { AnyRunnable } from "../words/runnable.ts";

/** One edge, as the builder collects it. */
export interface EdgeDraft extends Omit<Edge, "targets"> {
  readonly from: AnyRunnable;
  readonly targets: readonly AnyRunnable[];
  /** Whether a function of it declares the input of the state that it leaves. */
  readonly readsInput?: boolean;
}

/** All a builder collected. */
export interface DefinitionDraft {
  readonly id: string;
  readonly first: AnyRunnable | undefined;
  readonly edges: readonly EdgeDraft[];
  readonly last: readonly AnyRunnable[];
  readonly limits: Limits;
  /** The states in the order of their numbers, of a definition that is made again. Default: in the order in which they are mentioned. */
  readonly states?: readonly AnyRunnable[];
}
