import { OrchError } from "@orch/core";

/** What is wrong with the decisions. */
export interface DecisionFacts {
  readonly reason: "unknown" | "unanswered" | "changed" | "twice";
  readonly callId: string;
}

const SAYS: { readonly [reason in DecisionFacts["reason"]]: string } = {
  unknown: "is not waiting for a decision",
  unanswered: "waits for a decision and got none",
  changed: "is not the call that was decided on: its tool or its arguments differ",
  twice: "got two decisions",
};

/** The decisions given to a run do not fit the calls that wait. */
export class DecisionError extends OrchError<"ORCH_DECISION", DecisionFacts> {
  constructor(facts: DecisionFacts) {
    super("ORCH_DECISION", facts, {
      says: `The tool call "${facts.callId}" ${SAYS[facts.reason]}.`,
      fix: "Give exactly one decision for each entry of result.pending, with that entry as its call.",
    });
  }
}
