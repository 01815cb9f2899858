import { OrchError } from "@orch/core";

/** What a recorded case has no answer for. */
export interface EvalMissFacts {
  /** The path of the state whose agent asked; empty outside of a state. */
  readonly state: string;
  /** The name of the model or of the tool. */
  readonly model: string;
  /** How many recorded answers were not used yet. */
  readonly left: number;
  /** Where the request differs from the recorded one that is nearest, at most five places. */
  readonly differences: readonly string[];
}

/** A replayed case was asked something that was not recorded. Nothing was asked of a provider. */
export class EvalMissError extends OrchError<"ORCH_EVAL_MISS", EvalMissFacts> {
  /** No further attempt finds it. */
  readonly retryable = false;

  constructor(facts: EvalMissFacts) {
    const { state, model, left, differences } = facts;
    const where = state === "" ? "" : ` in "${state}"`;
    const nearest = differences.map((line) => `\n    ${line}`).join("");
    super("ORCH_EVAL_MISS", facts, {
      says: `The case has no recorded answer of "${model}"${where} (${left} answers are left)${nearest === "" ? "." : `; the nearest one differs:${nearest}`}`,
      fix: "Record the case again if the change is meant, or run it with `live` to ask a model.",
    });
  }
}
