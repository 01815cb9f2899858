/**
 * What a run may still use. A run inside another (an agent that is a tool) has an allowance of its
 * own below the outer one: what it uses counts for both, and whichever is used up first ends it.
 */

import type { RunContext } from "@orch/core";
import { checkNumbers, LIMIT } from "@orch/core/doors";
import { addCost, addUsage, costOf, NO_USAGE, soundUsage } from "../model/usage.ts";
import type { Spent } from "../words/events.ts";
import type { Model, Usage } from "../words/model.ts";

/** How much a run may use, runs inside it included. It ends before the model call that would begin over it. */
export interface Budget {
  /** Tokens read and written, together. */
  readonly maxTokens?: number;
  /** In US dollars; not kept for a model whose price is unknown, and the result then warns. */
  readonly maxCost?: number;
}

/** @throws OptionError (`ORCH_OPTION`) for a limit that is no number of 0 or more. */
export function checkBudget(budget: Budget | undefined): void {
  const { maxTokens, maxCost } = budget ?? {};
  checkNumbers(LIMIT, { maxTokens, maxCost });
}

/** Counts what was used, here and above. */
export class Allowance {
  /** Model calls, those of runs inside this one included. */
  turns = 0;
  usage: Usage = NO_USAGE;
  /** In US dollars; `undefined` once any call's price is unknown. */
  cost: number | undefined = 0;
  /** Dollars that are known to be spent, whatever else has no price. */
  knownCost = 0;
  readonly usageByModel: Map<string, Usage> = new Map();
  readonly #maxTurns: number;
  readonly #budget: Budget;
  readonly #outer: Allowance | undefined;
  readonly #onSpend: ((spent: Spent) => void) | undefined;
  /** The budgets around the outermost run, where each model call is reserved. */
  readonly budgets: Pick<RunContext, "left" | "reserve"> | undefined;

  constructor(
    maxTurns: number,
    budget: Budget = {},
    more: {
      readonly outer?: Allowance;
      readonly onSpend?: (spent: Spent) => void;
      readonly budgets?: Allowance["budgets"];
    } = {},
  ) {
    this.#maxTurns = maxTurns;
    this.#budget = budget;
    this.#outer = more.outer;
    this.#onSpend = more.onSpend;
    this.budgets = more.budgets ?? more.outer?.budgets;
  }

  /** The exhausted limit that ends the run now; `undefined` while none is exhausted. */
  usedUp(): "budget" | "max-turns" | undefined {
    const { maxTokens = Number.POSITIVE_INFINITY, maxCost = Number.POSITIVE_INFINITY } = this.#budget;
    if (this.usage.input + this.usage.output >= maxTokens || this.knownCost >= maxCost) return "budget";
    return this.#outer?.usedUp() ?? (this.turns >= this.#maxTurns ? "max-turns" : undefined);
  }

  /** Takes one turn, before it begins: runs side by side never take the same one. */
  takeTurn(): void {
    this.turns++;
    this.#outer?.takeTurn();
  }

  /** Counts a model call that was paid now. `name` is who answered, as `provider/model`. */
  spend(told: Usage, model: Model, name: string): Spent {
    const usage = soundUsage(told);
    const cost = costOf(usage, model.caps.price);
    const spent = cost === undefined ? { usage, model: name } : { usage, model: name, cost };
    this.count(spent);
    this.#tell(spent);
    return spent;
  }

  /** Counts what was paid, now or in an earlier try of the run. */
  count(spent: Spent): void {
    const { usage, model, cost } = spent;
    const before = this.usageByModel.get(model) ?? NO_USAGE;
    const isOnly = before === this.usage;
    this.usage = addUsage(this.usage, usage);
    this.usageByModel.set(model, isOnly ? this.usage : addUsage(before, usage));
    this.cost = addCost(this.cost, cost);
    this.knownCost += cost ?? 0;
    this.#outer?.count(spent);
  }

  #tell(spent: Spent): void {
    this.#onSpend?.(spent);
    if (this.#outer !== undefined) this.#outer.#tell(spent);
  }
}
