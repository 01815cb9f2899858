import type { Decision, Decisions, MoveDecision } from "../kernel/decisions.ts";
import type { Codec } from "./codec.ts";
import type { Json } from "./json.ts";
import { decisionToJson, keptMove } from "./record-codec.ts";
import { asRevived } from "./revive.ts";

/** Notes what is decided while a run is driven. */
export class NotedDecisions implements Decisions {
  readonly #codec: Codec;
  #decided: Json[] = [];

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  recall(): undefined {}

  recallMark(): undefined {}

  recallMet(): undefined {}

  admit(decision: MoveDecision, from: string, to: string, what?: string): MoveDecision {
    return keptMove(decision, this.#codec, from, to, what);
  }

  note(decision: Decision): void {
    this.#decided.push(decisionToJson(decision, this.#codec));
  }

  kept(error: Error): Error {
    return asRevived(error);
  }

  /** Gives the decisions since the last call. */
  take(): readonly Json[] {
    const decided = this.#decided;
    if (decided.length > 0) this.#decided = [];
    return decided;
  }
}
