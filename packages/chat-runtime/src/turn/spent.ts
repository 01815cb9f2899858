/** What a turn used, summed from the events of its states. */
import { type AgentEvent, agentEvents, type Usage } from "@orch/agents";
import type { OrchestrationEvent, Spending } from "@orch/core";

/** Tokens and money, where they are known. */
export interface SpentTotals {
  readonly usage?: Usage;
  readonly cost?: number;
}

/** Adds up spendings. The money is known only while each spending has a price. */
export class Spent {
  #input = 0;
  #output = 0;
  #cost: number | undefined;
  #count = 0;
  #model: string | undefined;
  #isEstimated = false;

  /** Counts what an event tells of. */
  hear(event: OrchestrationEvent): void {
    if (event.type === "state.usage") this.add(event.spending);
    else if (event.type === "state.output") this.#isEstimated ||= isEstimate(agentEvents.of(event));
  }

  add(spending: Spending): void {
    this.#input += spending.inputTokens ?? 0;
    this.#output += spending.outputTokens ?? 0;
    const before = this.#count === 0 ? 0 : this.#cost;
    this.#cost = before === undefined || spending.cost === undefined ? undefined : before + spending.cost;
    this.#count += 1;
    this.#model = spending.model ?? this.#model;
  }

  /** The model seen last, as `provider/model`. */
  get model(): string | undefined {
    return this.#model;
  }

  get totals(): SpentTotals {
    if (this.#count === 0) return {};
    const usage: Usage = {
      ...{ input: this.#input, output: this.#output },
      ...(this.#isEstimated && { estimated: true }),
    };
    return this.#cost === undefined ? { usage } : { usage, cost: this.#cost };
  }
}

/** Whether a server told no tokens of a call, also of an agent that is a tool. */
function isEstimate(event: AgentEvent | undefined): boolean {
  if (event?.type === "agent.nested") return isEstimate(event.event);
  return event?.type === "agent.turn.completed" && event.usage.estimated === true;
}
