/**
 * What a run may still use. A run inside another (an agent that is a tool) has an allowance of its
 * own below the outer one: what it uses counts for both, and whichever is used up first ends it.
 */
import { type Model, modelName, type Usage } from "./model.ts";
import { addCost, addUsage, costOf, NO_USAGE } from "./usage.ts";

/** How much a run may use, runs inside it included. It ends before the model call that would begin over it. */
export interface Budget {
  /** Tokens read and written, together. */
  readonly maxTokens?: number;
  /** In US dollars; not kept for a model whose price is unknown, and the result then warns. */
  readonly maxCost?: number;
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

  constructor(maxTurns: number, budget: Budget = {}, outer?: Allowance) {
    this.#maxTurns = maxTurns;
    this.#budget = budget;
    this.#outer = outer;
  }

  /** What ends the run now, if anything does. */
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

  /** Counts one model call, and gives what it cost. */
  spend(usage: Usage, model: Model): number | undefined {
    const cost = costOf(usage, model.caps.price);
    const name = modelName(model.id);
    this.usage = addUsage(this.usage, usage);
    this.usageByModel.set(name, addUsage(this.usageByModel.get(name) ?? NO_USAGE, usage));
    this.cost = addCost(this.cost, cost);
    this.knownCost += cost ?? 0;
    this.#outer?.spend(usage, model);
    return cost;
  }
}
