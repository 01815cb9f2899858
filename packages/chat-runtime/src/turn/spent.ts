/** What a turn used, summed from the events of its states. */
import { type AgentEvent, agentEvents, type Usage } from "@orch/agents";
import type { OrchestrationEvent, Spending } from "@orch/core";
import { OpenCalls } from "./open-calls.ts";

/** Tokens and money, where they are known. */
export interface SpentTotals {
  readonly usage?: Usage;
  /** In US dollars; absent when the cost of a call is unknown. */
  readonly cost?: number;
  /** In US dollars, the part that is known, where `cost` is absent and some of it is. */
  readonly knownCost?: number;
}

/** Adds up spendings. The cost is known only while each call has told what it used, and has a price. */
export class Spent {
  #input = 0;
  #output = 0;
  #cached = 0;
  #known = 0;
  /** Calls without a price. */
  #unpriced = 0;
  #count = 0;
  readonly #open = new OpenCalls();
  #model: string | undefined;
  #isEstimated = false;

  /** Counts what an event tells of. */
  hear(event: OrchestrationEvent): void {
    this.#open.hear(event);
    if (event.type === "state.usage") this.add(event.spending);
    else if (event.type === "state.output") this.#isEstimated ||= isEstimate(agentEvents.of(event));
  }

  add(spending: Spending): void {
    this.#input += spending.inputTokens ?? 0;
    this.#output += spending.outputTokens ?? 0;
    this.#cached += spending.cachedTokens ?? 0;
    this.#known += spending.cost ?? 0;
    if (spending.cost === undefined) this.#unpriced += 1;
    this.#count += 1;
    this.#model = spending.model ?? this.#model;
  }

  /** The model seen last, as `provider/model`. */
  get model(): string | undefined {
    return this.#model;
  }

  /** So far. */
  get totals(): SpentTotals {
    return this.#totals(this.#open.stopped);
  }

  /** At the end: what is on its way now is stopped, and tells nothing any more. */
  get ended(): SpentTotals {
    return this.#totals(this.#open.stopped + this.#open.going);
  }

  /** What is kept of a turn whose process may end at any moment: nobody knows what it began by then. */
  get unsure(): SpentTotals {
    return this.#totals(this.#open.stopped + this.#open.going + 1);
  }

  #totals(untold: number): SpentTotals {
    if (this.#count + untold === 0) return {};
    const isUntold = this.#isEstimated || this.#count === 0;
    const usage: Usage = {
      ...{ input: this.#input, output: this.#output },
      ...(this.#cached > 0 && { cacheRead: this.#cached }),
      ...(isUntold && { estimated: true }),
    };
    if (this.#unpriced + untold === 0) return { usage, cost: this.#known };
    return this.#known > 0 ? { usage, knownCost: this.#known } : { usage };
  }
}

/** Whether a server told no tokens of a call, also of an agent that is a tool. */
function isEstimate(event: AgentEvent | undefined): boolean {
  if (event?.type === "agent.nested") return isEstimate(event.event);
  return event?.type === "agent.turn.completed" && event.usage.estimated === true;
}
