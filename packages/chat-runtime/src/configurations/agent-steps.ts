/** Agents as states of the orchestrations of this room: each is given the conversation and what the others said. */
import { type Agent, agentRunnable, type Message, userMessage } from "@orch/agents";
import type { Orchestration, RunContext, Runnable } from "@orch/core";
import { RuntimeSetupError } from "../errors/runtime-setup-error.ts";
import { finishingStates } from "./finishing-states.ts";
import type { ConversationReference, HeldConversations } from "./held-conversations.ts";
import type { OrchestrationConfiguration } from "./runtime-configuration.ts";
import { stoppedAgentOf } from "./stopped-agent.ts";

/** An answer of one agent on the way to the turn's answer. */
export interface AgentAnswer {
  readonly agent: string;
  readonly text: string;
}

/** What goes from state to state: plain data, so that a host can keep it. */
export interface AgentStep {
  readonly conversation: ConversationReference;
  readonly answers: readonly AgentAnswer[];
}

/** An agent that adds its answer to a step. */
export function agentStep(
  agent: Agent<unknown>,
  conversations: HeldConversations,
): Runnable<AgentStep, AgentStep> {
  const state = agentRunnable<AgentStep, unknown>(agent, {
    id: stateId(agent.name),
    toInput: ({ conversation, answers }) => [...conversations.messagesOf(conversation), ...labelled(answers)],
  });
  return Object.freeze({
    ...state,
    invoke: async (step: AgentStep, context: RunContext) => {
      const output = await state.invoke(step, context);
      const text = typeof output === "string" ? output : JSON.stringify(output);
      return { ...step, answers: [...step.answers, { agent: agent.name, text }] };
    },
  });
}

/** A configuration of agents that pass a step on: the finishing agents speak and are remembered. */
export function configurationOfSteps(
  name: string,
  flow: Orchestration<AgentStep, AgentStep>,
  conversations: HeldConversations,
): OrchestrationConfiguration {
  const speaks = finishingStates(flow.graph);
  return {
    name,
    orchestration: flow,
    toInput: (turn) => ({ conversation: conversations.hold(turn), answers: [] }),
    release: conversations.release,
    toMessage: ({ answers }: AgentStep, said) =>
      said.findLast((one) => one.role === "assistant") ?? answers.at(-1)!.text,
    speaks,
    remembers: speaks,
    toError: stoppedAgentOf,
  };
}

/** The answers of others as one message that only the next agent sees. */
function labelled(answers: readonly AgentAnswer[]): readonly Message[] {
  if (answers.length === 0) return [];
  const texts = answers.map(({ agent, text }) => `[${agent}]\n${text}`);
  return [userMessage(`What others answered to this, each under its name:\n\n${texts.join("\n\n")}`)];
}

/** A name without the characters that have a meaning in a path. */
export function stateId(name: string): string {
  return name.replace(/[/#[\]\s]+/g, "-");
}

/** @throws RuntimeSetupError (`ORCH_RUNTIME_SETUP`) for no agents, and for two of one name. */
export function checkAgents(configuration: string, agents: readonly Agent<unknown>[]): void {
  if (agents.length === 0) throw new RuntimeSetupError({ configuration, problem: "it has no agents" });
  const seen = new Set<string>();
  for (const { name } of agents) {
    const id = stateId(name);
    if (seen.has(id)) {
      throw new RuntimeSetupError({ configuration, problem: `two of its agents are named "${name}"` });
    }
    seen.add(id);
  }
}
