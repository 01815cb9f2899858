/** What a run has said and used until now: the state of the loop, and all of it. */

import type { Streaks } from "./loop-guard.ts";
import type { Message } from "./message.ts";
import type { Model, Usage } from "./model.ts";
import { addCost, addUsage, costOf, NO_USAGE } from "./usage.ts";

/** Grows only at its end: what was sent to a provider once is never rewritten. */
export class Conversation {
  turn = 0;
  usage: Usage = NO_USAGE;
  /** In US dollars; `undefined` once any call's price is unknown. */
  cost: number | undefined = 0;
  outputRetriesLeft: number;
  streaks: Streaks = new Map();
  readonly messages: Message[];
  readonly inputCount: number;
  readonly warnings: Set<string> = new Set();

  constructor(input: readonly Message[], outputRetries: number) {
    this.messages = [...input];
    this.inputCount = input.length;
    this.outputRetriesLeft = outputRetries;
  }

  /** Counts one model call, and gives what it cost. */
  spend(usage: Usage, model: Model): number | undefined {
    const cost = costOf(usage, model.caps.price);
    this.usage = addUsage(this.usage, usage);
    this.cost = addCost(this.cost, cost);
    return cost;
  }
}
