import { OrchError } from "./orch-error.ts";

/** The budget, and the spending that exceeded it. */
export interface BudgetFacts {
  readonly orchestration: string;
  readonly path: string;
  readonly maxTokens?: number;
  readonly maxCost?: number;
  readonly tokens: number;
  readonly cost: number;
}

/** An orchestration spent more than its budget. */
export class BudgetError extends OrchError<"ORCH_BUDGET", BudgetFacts> {
  readonly retryable = false;

  constructor(facts: BudgetFacts) {
    const { maxTokens, maxCost, tokens, cost } = facts;
    const overTokens = maxTokens !== undefined && tokens > maxTokens;
    const spent = overTokens
      ? `${tokens} of ${maxTokens} tokens`
      : `${cost.toFixed(4)} of ${maxCost} US dollars`;
    super("ORCH_BUDGET", facts, {
      says: `"${facts.orchestration}" went over its budget: ${spent}.`,
      fix: "Raise the budget or use a cheaper model; if the flow can go on without it, add a .catch edge.",
    });
  }
}
