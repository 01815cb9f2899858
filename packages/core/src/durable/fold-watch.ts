import type { Activation } from "../kernel/activation.ts";
import type { Decisions } from "../kernel/decisions.ts";
import type { RecordDetails } from "./record-codec.ts";

/** Looks on while a run is made again from its journal. */
export interface FoldWatch {
  /** An activation is about to start. */
  readonly entering: (activation: Activation) => void;
  /** Stands around the decisions that the journal holds. */
  readonly decisions: (recorded: Decisions) => Decisions;
  /** What happened in the run ended a wait. */
  readonly met?: (operation: Activation) => void;
  /** A record was taken. */
  readonly after: (details: RecordDetails) => void;
}
