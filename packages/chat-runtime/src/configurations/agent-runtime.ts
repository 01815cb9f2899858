/** One agent with memory as something that answers a conversation. */
import {
  type Agent,
  type AssistantMessage,
  agentRunnable,
  type Model,
  type RunAgentOptions,
} from "@orch/agents";
import { orchestration } from "@orch/core";
import { stateId } from "./agent-steps.ts";
import { type ConversationReference, HeldConversations } from "./held-conversations.ts";
import type { OrchestrationConfiguration } from "./runtime-configuration.ts";
import { stoppedAgentOf } from "./stopped-agent.ts";

/** How an agent answers a conversation. */
export interface AgentRuntimeOptions {
  /** Shown on screen and stored with each turn. Default: the agent's name. */
  readonly name?: string;
  /** Replaces the agent's model. */
  readonly model?: Model;
  /** Asks about tool calls that need approval. Default: they are questions of the turn (`question.asked`). */
  readonly onApproval?: RunAgentOptions["onApproval"];
}

/**
 * Makes a runtime configuration of one agent: it sees the whole conversation, and everything it does
 * is remembered, tool calls and their results included. Underneath is an orchestration of one state.
 *
 * A turn fails with AgentStoppedError (`ORCH_AGENT_STOPPED`) when the agent stops without an answer.
 *
 * @example
 * ```ts
 * const runtime = new ChatRuntime(agentRuntime(assistant));
 * ```
 */
export function agentRuntime<TOutput>(
  agent: Agent<TOutput>,
  options: AgentRuntimeOptions = {},
): OrchestrationConfiguration {
  const { name = agent.name, model, onApproval } = options;
  const id = stateId(agent.name);
  const conversations = new HeldConversations();
  const state = agentRunnable<ConversationReference, TOutput>(agent, {
    id,
    toInput: conversations.messagesOf,
    ...(model ? { model } : {}),
    ...(onApproval ? { onApproval } : {}),
  });
  return {
    name,
    orchestration: orchestration<ConversationReference, TOutput>(id, (o) => o.start(state).finish(state)),
    toInput: conversations.hold,
    release: conversations.release,
    toMessage: (output: TOutput, said): string | AssistantMessage => {
      const answer = said.findLast((one) => one.role === "assistant");
      if (answer?.role === "assistant") return answer;
      // A run that had ended when its process did tells its output alone.
      return typeof output === "string" ? output : JSON.stringify(output);
    },
    speaks: () => true,
    remembers: true,
    toError: stoppedAgentOf,
  };
}
