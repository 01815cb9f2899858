/** Who answers a conversation that was handed over before: read from the conversation itself. */

import { callsOf, type Message } from "../../words/message.ts";
import type { Agent } from "../agent.ts";
import { type Handoff, handoffsOf } from "./handoff.ts";
import { withoutLostHandoffs } from "./lost-handoffs.ts";

/** Where a conversation stands. */
export interface ActiveAgent {
  readonly agent: Agent<unknown>;
  /** The messages that the agent sees instead of those before `from`. */
  readonly opening: readonly Message[];
  /** The position of the first message that it sees unchanged; 0 when it sees all. */
  readonly from: number;
}

/** Follows the handoffs that were made, beginning with the agent a conversation began with. */
export function activeAgent(first: Agent<unknown>, messages: readonly Message[]): ActiveAgent {
  let active: ActiveAgent = { agent: first, opening: [], from: 0 };
  if (first.handoffs === undefined) return active;
  for (const [index, message] of messages.entries()) {
    if (message.role !== "tool") continue;
    const way = handoffTaken(active.agent, messages, index);
    if (way !== undefined) active = handedOver(active, way, handoffsOf(active.agent), messages, index + 1);
  }
  return active;
}

/** The state after a handoff whose result stands just before `end`. */
function handedOver(
  { opening, from }: Omit<ActiveAgent, "agent">,
  { agent, filter = asItIs }: Handoff,
  ways: readonly Handoff[],
  messages: readonly Message[],
  end: number,
): ActiveAgent {
  const seen = [...opening, ...messages.slice(from, end)];
  const shown = filter(withoutLostHandoffs(seen, ways));
  return shown === seen ? { agent, opening, from } : { agent, opening: shown, from: end };
}

const asItIs = (messages: readonly Message[]): readonly Message[] => messages;

/** The handoff whose result a tool message holds, if the agent had that way. */
function handoffTaken(
  agent: Agent<unknown>,
  messages: readonly Message[],
  index: number,
): Handoff | undefined {
  const ways = handoffsOf(agent);
  const asked = messages[index - 1];
  const told = messages[index];
  if (ways.length === 0 || asked?.role !== "assistant" || told?.role !== "tool") return undefined;
  const done = new Set(told.content.flatMap(({ id, isError }) => (isError ? [] : [id])));
  const call = callsOf(asked).find(({ id, name }) => done.has(id) && ways.some((way) => way.name === name));
  return call && ways.find(({ name }) => name === call.name);
}
