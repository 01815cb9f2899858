import { OrchError } from "./orch-error.ts";

/** The budget, and the spending that exceeded it. */
export interface BudgetFacts {
  readonly orchestration: string;
  readonly path: string;
  readonly maxTokens?: number;
  readonly maxCost?: number;
  readonly tokens: number;
  readonly cost: number;
  /** What was to be reserved for work that was not begun then; absent when more was spent than allowed. */
  readonly asked?: { readonly tokens: number; readonly cost: number };
}

/** An orchestration spent more than its budget, or would have. */
export class BudgetError extends OrchError<"ORCH_BUDGET", BudgetFacts> {
  readonly retryable = false;

  constructor(facts: BudgetFacts) {
    super("ORCH_BUDGET", facts, {
      says: facts.asked === undefined ? wentOver(facts) : wouldGoOver(facts, facts.asked),
      fix: "Raise the budget or use a cheaper model; if the flow can go on without it, add a .catch edge.",
    });
  }
}

function wentOver({ orchestration, maxTokens, maxCost, tokens, cost }: BudgetFacts): string {
  const spent =
    maxCost !== undefined && (maxTokens === undefined || tokens <= maxTokens)
      ? `${cost.toFixed(4)} of ${maxCost} US dollars`
      : `${tokens} of ${maxTokens} tokens`;
  return `"${orchestration}" went over its budget: ${spent}.`;
}

function wouldGoOver(
  { orchestration, maxTokens, maxCost, tokens, cost }: BudgetFacts,
  asked: NonNullable<BudgetFacts["asked"]>,
): string {
  const overTokens = maxTokens !== undefined && tokens + asked.tokens > maxTokens;
  const left = overTokens
    ? `${Math.max(0, maxTokens - tokens)} of ${maxTokens} tokens are left, and it may take ${asked.tokens}`
    : `${Math.max(0, maxCost! - cost).toFixed(4)} of ${maxCost} US dollars are left, and it may take ${asked.cost.toFixed(4)}`;
  return `A call would go over the budget of "${orchestration}", and was not made: ${left}.`;
}
