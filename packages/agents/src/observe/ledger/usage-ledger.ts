/** Adds up what model calls used and cost, over any number of runs, by model. */
import type { OrchestrationEvent } from "@orch/core";
import { addCost, addUsage, costOf, NO_USAGE } from "../../model/usage.ts";
import { agentEvents, type Spent } from "../../words/events.ts";
import type { Price, Usage } from "../../words/model.ts";
import { estimatedIn } from "../estimated-in.ts";

/** Prices by `provider/model`, in US dollars per million tokens. */
export interface PriceTable {
  readonly [model: string]: Price;
}

/** The usage and cost of calls. */
export interface Spending {
  readonly calls: number;
  /** Inclusive totals: cached tokens are part of `input`, reasoning is part of `output`. */
  readonly usage: Usage;
  /** In US dollars; absent when the price of any of the calls is unknown, and never 0 for that. */
  readonly cost?: number;
}

/** The sum of everything. */
export interface TotalSpending extends Spending {
  /** The part of the cost that is known. */
  readonly knownCost: number;
  /** The models whose price is unknown. */
  readonly unpriced: readonly string[];
}

/** Listens to events and adds up. */
export interface UsageLedger {
  /** Counts each paid call of an agent outside an orchestration. Pass it to `runAgent` as `onSpend`. */
  readonly spend: (spent: Spent) => void;
  /**
   * Listens to the events of orchestration runs, for instance by `orchestration.on("*", ledger.run)`. The events do
   * not say how much was cached, so the price table is not used: without a cost in the event the cost stays unknown. What
   * is estimated is told by what agents send, `agentEvents`.
   */
  readonly run: (event: OrchestrationEvent) => void;
  /** By the model that answered, as `provider/model`. */
  readonly byModel: () => ReadonlyMap<string, Spending>;
  readonly total: () => TotalSpending;
}

interface Line {
  calls: number;
  usage: Usage;
  cost: number | undefined;
  known: number;
}

/**
 * Makes an empty ledger. What a call says it cost counts; else its tokens are priced by the table, if the
 * model stands there. What was paid counts, also for work that was given up.
 *
 * @example
 * ```ts
 * const ledger = usageLedger({ "openai/gpt-5.4-mini": { input: 0.5, output: 2, cacheRead: 0.05 } });
 * await runAgent(helper, "Hello", { onSpend: ledger.spend });
 * console.log(ledger.total().cost ?? "unknown");
 * ```
 */
export function usageLedger(prices: PriceTable = {}): UsageLedger {
  const lines = new Map<string, Line>();
  const add = (model: string, usage: Usage, cost: number | undefined): void => {
    const line = lines.get(model) ?? emptyLine();
    line.calls++;
    line.usage = addUsage(line.usage, usage);
    line.cost = addCost(line.cost, cost);
    line.known += cost ?? 0;
    lines.set(model, line);
  };
  return {
    spend: ({ model, usage, cost }) => {
      const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
      add(model, usage, cost ?? costOf(usage, price));
    },
    run: (event) => {
      if (event.type === "state.output") {
        const said = agentEvents.of(event);
        for (const model of said === undefined ? [] : estimatedIn(said)) {
          const line = lines.get(model) ?? emptyLine();
          lines.set(model, { ...line, usage: { ...line.usage, estimated: true } });
        }
      }
      if (event.type !== "state.usage") return;
      const { inputTokens: input = 0, outputTokens: output = 0, cost, model = "unknown" } = event.spending;
      add(model, { input, output }, cost);
    },
    byModel: () => new Map([...lines].map(([model, line]) => [model, spendingOf(line)])),
    total: () => {
      const all = [...lines.values()];
      const sum = emptyLine();
      for (const line of all) {
        sum.calls += line.calls;
        sum.usage = addUsage(sum.usage, line.usage);
        sum.cost = addCost(sum.cost, line.cost);
        sum.known += line.known;
      }
      const unpriced = [...lines].flatMap(([model, { cost }]) => (cost === undefined ? [model] : []));
      return { ...spendingOf(sum), knownCost: sum.known, unpriced };
    },
  };
}

function emptyLine(): Line {
  return { calls: 0, usage: NO_USAGE, cost: 0, known: 0 };
}

function spendingOf({ calls, usage, cost }: Line): Spending {
  return { calls, usage, ...(cost !== undefined && { cost }) };
}
