/** One agent with memory as something that answers a conversation. */
import {
  type Agent,
  type AssistantMessage,
  agentRunnable,
  type Model,
  type RunAgentOptions,
} from "@orch/agents";
import { isOrchError, orchestration } from "@orch/core";
import { type ConversationReference, HeldConversations } from "./held-conversations.ts";
import type { OrchestrationConfiguration } from "./runtime-configuration.ts";

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
  // Some characters of a name would have a meaning in a path.
  const id = agent.name.replace(/[/#[\]\s]+/g, "-");
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
    toError: causeOf,
  };
}

/** The state around the agent is ours: the reader of the error wants to know what went wrong in the agent. */
function causeOf(error: unknown): unknown {
  return isOrchError(error, "ORCH_RUNNABLE_FAILED") && isOrchError(error.cause) ? error.cause : error;
}
