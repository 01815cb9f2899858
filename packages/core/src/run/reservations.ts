import { BudgetError } from "../errors/budget-error.ts";
import { OptionError } from "../errors/option-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { machineOf, type Spent } from "../kernel/machine-frame.ts";
import { unlessAborted } from "../platform/unless-aborted.ts";
import type { BudgetLeft, Reservation, RunContext, Spending } from "../words/context.ts";

/** What is left of the budgets around an operation, and what may be reserved of it. */
export interface OperationBudgets {
  readonly left: (operation: Activation) => BudgetLeft;
  readonly reserve: (operation: Activation, most: Spending) => Promise<Reservation>;
}

/** A budget around an operation. */
interface Around extends Spent {
  readonly path: string;
  readonly orchestration: string;
  readonly maxTokens: number;
  readonly maxCost: number;
}

/** An operation that waits until others give back what they reserved. */
interface Waiter {
  readonly operation: Activation;
  readonly most: Spent;
  readonly resolve: (give: () => void) => void;
  readonly reject: (error: unknown) => void;
}

/** What is reserved under the budgets of one run. */
export class Reservations implements OperationBudgets {
  /** The context of the caller, where the run is a composite that is called by hand. One that the engine did not make has no budgets. */
  readonly #around: Partial<Pick<RunContext, "left" | "reserve">> | undefined;
  readonly #spend: (operation: Activation, spending: Spending) => void;
  /** By the path of the machine that has the budget. */
  readonly #reserved = new Map<string, Spent>();
  /** How often each operation holds something. */
  readonly #holders = new Map<string, number>();
  #waiting: Waiter[] = [];

  constructor(
    around: Pick<RunContext, "left" | "reserve"> | undefined,
    spend: (operation: Activation, spending: Spending) => void,
  ) {
    this.#around = around;
    this.#spend = spend;
  }

  left(operation: Activation): BudgetLeft {
    let { tokens, cost } = this.#around?.left?.() ?? UNLIMITED;
    for (const budget of budgetsOf(operation)) {
      tokens = Math.min(tokens, Math.max(0, budget.maxTokens - budget.tokens));
      cost = Math.min(cost, Math.max(0, budget.maxCost - budget.cost));
    }
    return { tokens, cost };
  }

  async reserve(operation: Activation, most: Spending): Promise<Reservation> {
    const outer = await this.#around?.reserve?.(most);
    let give: (() => void) | undefined;
    try {
      give = await this.#take(operation, amountOf(most));
    } catch (error) {
      outer?.release();
      throw error;
    }
    const release = (): void => {
      outer?.release();
      give();
    };
    operation.attach().alarms.push(release);
    const settle = (spending: Spending): void => {
      // What was spent counts before others may take what is given back.
      this.#spend(operation, spending);
      release();
    };
    return { settle, release };
  }

  /** Reserves it now, or when others have given enough back. */
  #take(operation: Activation, most: Spent): Promise<() => void> {
    return unlessAborted<() => void>(operation.signal, (resolve, reject) => {
      const waiter = { operation, most, resolve, reject };
      if (this.#serve(waiter)) return undefined;
      this.#waiting.push(waiter);
      return () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiter);
      };
    });
  }

  /** Reserves it, or refuses it; tells whether it did either. */
  #serve({ operation, most, resolve, reject }: Waiter): boolean {
    const budgets = [...budgetsOf(operation)];
    const free = budgets.every((budget) => isWithin(budget, most, this.#reserved.get(budget.path)));
    const over = budgets.find((budget) => !isWithin(budget, most));
    // One that holds something and waits for others might wait for one that waits for it.
    const stuck = free || !this.#holders.has(operation.path) ? undefined : budgets[0];
    const refused = over ?? stuck;
    if (refused !== undefined) reject(errorOf(refused, most));
    else if (free) resolve(this.#hold(operation, budgets, most));
    return free || refused !== undefined;
  }

  #hold({ path }: Activation, budgets: readonly Around[], most: Spent): () => void {
    for (const budget of budgets) this.#add(budget.path, most, 1);
    this.#holders.set(path, (this.#holders.get(path) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const budget of budgets) this.#add(budget.path, most, -1);
      const left = this.#holders.get(path)! - 1;
      if (left > 0) this.#holders.set(path, left);
      else this.#holders.delete(path);
      this.#waiting = this.#waiting.filter((waiter) => !this.#serve(waiter));
    };
  }

  #add(path: string, { tokens, cost }: Spent, sign: 1 | -1): void {
    const before = this.#reserved.get(path) ?? NOTHING;
    this.#reserved.set(path, { tokens: before.tokens + sign * tokens, cost: before.cost + sign * cost });
  }
}

const NOTHING: Spent = Object.freeze({ tokens: 0, cost: 0 });

/** Where no budget is. */
export const UNLIMITED: BudgetLeft = Object.freeze({
  tokens: Number.POSITIVE_INFINITY,
  cost: Number.POSITIVE_INFINITY,
});

/** The budgets around an operation, innermost first, with what is spent of each. */
function* budgetsOf(operation: Activation): Iterable<Around> {
  for (let at: Activation | undefined = operation; at !== undefined; at = at.parent) {
    const frame = machineOf(at);
    const budget = frame?.definition.budget;
    if (budget === undefined) continue;
    const { maxTokens = Number.POSITIVE_INFINITY, maxCost = Number.POSITIVE_INFINITY } = budget;
    const { path, runnable } = at;
    yield { path, orchestration: runnable.id, maxTokens, maxCost, ...(frame!.spent ?? NOTHING) };
  }
}

function isWithin(budget: Around, most: Spent, reserved: Spent = NOTHING): boolean {
  const { tokens, cost, maxTokens, maxCost } = budget;
  // Costs are sums of fractions, and may be off by less than a billionth of a dollar.
  return (
    tokens + reserved.tokens + most.tokens <= maxTokens && cost + reserved.cost + most.cost <= maxCost + 1e-9
  );
}

function amountOf({ inputTokens = 0, outputTokens = 0, cost = 0 }: Spending): Spent {
  for (const [name, value] of Object.entries({ inputTokens, outputTokens, cost })) {
    if (!Number.isFinite(value) || value < 0) throw new OptionError(name, value, "a number from 0");
  }
  return { tokens: inputTokens + outputTokens, cost };
}

function errorOf(
  { orchestration, path, maxTokens, maxCost, tokens, cost }: Around,
  asked: Spent,
): BudgetError {
  return new BudgetError({
    orchestration,
    path,
    ...(Number.isFinite(maxTokens) ? { maxTokens } : {}),
    ...(Number.isFinite(maxCost) ? { maxCost } : {}),
    tokens,
    cost,
    asked,
  });
}
