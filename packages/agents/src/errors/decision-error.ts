import { OrchError } from "@orch/core";

/** The problem with the decisions, or with the results of deferred calls. */
export interface DecisionFacts {
  readonly reason: "unknown" | "late" | "unanswered" | "changed" | "twice" | "not-deferred" | "unfit";
  readonly callId: string;
  /** What does not fit, for `unfit`. */
  readonly problem?: string;
}

const SAYS: { readonly [reason in DecisionFacts["reason"]]: string } = {
  unknown: "is not waiting for an answer",
  late: "has its result already, so the answer comes too late",
  unanswered: "waits for a decision and got none",
  changed: "is not the call that was answered: its tool or its arguments differ",
  twice: "got two answers",
  "not-deferred": "waits for a decision, and got a result: its tool is run here, not outside",
  unfit: "asked a question and got an answer that does not fit",
};

/** The answers given to a run do not fit the calls that wait. */
export class DecisionError extends OrchError<"ORCH_DECISION", DecisionFacts> {
  constructor(facts: DecisionFacts) {
    super("ORCH_DECISION", facts, {
      says: `The tool call "${facts.callId}" ${SAYS[facts.reason]}${facts.problem === undefined ? "" : `: ${facts.problem}`}.`,
      fix:
        facts.reason === "unfit"
          ? "Answer with what the question's schema takes."
          : "Give exactly one answer for each entry of result.pending, with that entry as its call.",
    });
  }
}
