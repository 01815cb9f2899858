/** One agent with memory as something that answers a conversation. */
import { type Agent, agentRunnable, type Message, type Model, type RunAgentOptions } from "@orch/agents";
import { isOrchError, type OrchestrationEvent, orchestration } from "@orch/core";
import { TurnReplyError } from "../errors/turn-reply-error.ts";
import { runInTurn } from "./orchestration-runtime.ts";
import type { RuntimeConfiguration } from "./runtime-configuration.ts";
import { textDelta } from "./text-delta.ts";

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
 * is remembered, tool calls and their results included.
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
): RuntimeConfiguration {
  const { name = agent.name, model, onApproval } = options;
  // Some characters of a name would have a meaning in a path.
  const id = agent.name.replace(/[/#[\]\s]+/g, "-");
  return {
    name,
    invoke: async ({ history, message }, context) => {
      const state = agentRunnable<readonly Message[], TOutput>(agent, {
        id,
        toInput: (messages) => messages,
        clock: context.clock,
        ...(model ? { model } : {}),
        ...(onApproval ? { onApproval } : {}),
      });
      const single = orchestration<readonly Message[], TOutput>(id, (o) => o.start(state).finish(state));
      const said: Message[] = [];
      const value = await runInTurn(single, [...history, message], context, (event) => {
        const text = textDelta(event);
        if (text !== undefined) context.say(text.delta, text.path);
        const whole = agentMessage(event);
        if (whole === undefined) return;
        said.push(whole);
        context.remember(whole);
      }).catch(throwCause);
      const answer = said.findLast((one) => one.role === "assistant");
      if (answer?.role !== "assistant")
        throw new TurnReplyError({ configuration: name, problem: "the agent wrote no message" });
      return { message: answer, messages: said, value };
    },
  };
}

function agentMessage(event: OrchestrationEvent): Message | undefined {
  if (event.type !== "state.output") return undefined;
  const data = event.data as { readonly type?: unknown; readonly message?: Message } | null | undefined;
  return data?.type === "agent.message" ? data.message : undefined;
}

/** The state around the agent is ours: whoever reads the error wants to know what the agent met. */
function throwCause(error: unknown): never {
  if (isOrchError(error, "ORCH_RUNNABLE_FAILED") && isOrchError(error.cause)) throw error.cause;
  throw error;
}
