/** The conversation as the model sees it, when the agent has a `prepare`. */
import type { Prepare } from "../agent/agent.ts";
import { addCost, addUsage } from "../model/usage.ts";
import type { Spent } from "../words/events.ts";
import type { Message } from "../words/message.ts";
import { modelName } from "../words/model.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** Calls the agent's `prepare`: the messages for the model, and the usage of preparing them. `limit` is what the provider said. */
export async function prepare(
  scope: RunScope,
  shorten: Prepare,
  limit?: number,
): Promise<{ readonly messages: readonly Message[]; readonly prepared?: Spent }> {
  const { conversation, allowance, model, signal, clock } = scope;
  const all = conversation.seen();
  let prepared: Spent | undefined;
  const messages = await shorten([...all], {
    turn: conversation.turn,
    usage: allowance.usage,
    model,
    signal,
    clock,
    ...(limit !== undefined && { limit }),
    spend: (usage, writer) => {
      const spent = allowance.spend(usage, writer, modelName(writer.id));
      prepared = prepared === undefined ? spent : together(prepared, spent);
    },
    warn: (warning) => warn(scope, warning),
  });
  const isNew = conversation.isNewCompaction(all.length - messages.length);
  if (isNew || prepared !== undefined) {
    scope.emit({ type: "agent.compacted", from: all.length, to: messages.length, ...prepared });
  }
  return prepared === undefined ? { messages } : { messages, prepared };
}

/** The spending of two preparations. */
export function together(a: Spent, b: Spent | undefined): Spent {
  if (b === undefined) return a;
  const cost = addCost(a.cost, b.cost);
  return { usage: addUsage(a.usage, b.usage), model: b.model, ...(cost !== undefined && { cost }) };
}
