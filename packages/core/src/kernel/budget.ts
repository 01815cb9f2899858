/** Budgets: what the machines of a run have spent, and which of them went over. */

import { BudgetError } from "../errors/budget-error.ts";
import type { Spending } from "../words/context.ts";
import type { Activation } from "./activation.ts";
import { machineOf } from "./machine-frame.ts";

/** A machine that has to end because it spent too much. */
export interface OverBudget {
  readonly activation: Activation;
  readonly error: BudgetError;
}

/** Counts spending towards every machine around an operation; gives those that are over their budget now, innermost first. */
export function charge(operation: Activation, spending: Spending): OverBudget[] {
  const over: OverBudget[] = [];
  for (let at: Activation | undefined = operation; at !== undefined; at = at.parent) {
    const frame = machineOf(at);
    if (frame === undefined) continue;
    const { budget, id } = frame.definition;
    // The whole run is always counted, because its caller may ask what it cost.
    if (budget === undefined && at.parent !== undefined) continue;
    frame.spent ??= { tokens: 0, cost: 0 };
    frame.spent.tokens += (spending.inputTokens ?? 0) + (spending.outputTokens ?? 0);
    frame.spent.cost += spending.cost ?? 0;
    if (budget === undefined || at.over || frame.closing !== undefined) continue;
    const { tokens, cost } = frame.spent;
    const { maxTokens = Number.POSITIVE_INFINITY, maxCost = Number.POSITIVE_INFINITY } = budget;
    if (tokens <= maxTokens && cost <= maxCost) continue;
    const error = new BudgetError({ orchestration: id, path: at.path, ...budget, tokens, cost });
    over.push({ activation: at, error });
  }
  return over;
}
