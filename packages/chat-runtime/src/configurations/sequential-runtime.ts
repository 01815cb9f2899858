/** Agents one after the other as something that answers a conversation. */
import type { Agent } from "@orch/agents";
import { orchestration } from "@orch/core";
import { type AgentStep, agentStep, checkAgents, configurationOfSteps } from "./agent-steps.ts";
import { HeldConversations } from "./held-conversations.ts";
import type { OrchestrationConfiguration } from "./runtime-configuration.ts";

/** How a chain of agents answers. */
export interface SequentialRuntimeOptions {
  /** Shown on screen and stored with each turn. Default `sequential`. */
  readonly name?: string;
}

/**
 * Makes a runtime configuration of a chain: every agent sees the conversation and what those before it answered, each
 * under its name. The last one speaks and is remembered; no message is stored that nobody wrote.
 *
 * @throws RuntimeSetupError (`ORCH_RUNTIME_SETUP`) for no agents, and for two of one name.
 *
 * @example
 * ```ts
 * const runtime = new ChatRuntime(sequentialRuntime([researcher, reporter]));
 * ```
 */
export function sequentialRuntime(
  agents: readonly Agent<unknown>[],
  options: SequentialRuntimeOptions = {},
): OrchestrationConfiguration {
  const { name = "sequential" } = options;
  checkAgents(name, agents);
  const conversations = new HeldConversations();
  const states = agents.map((one) => agentStep(one, conversations));
  const flow = orchestration<AgentStep, AgentStep>("sequential", (o) => {
    const started = o.start(states[0]!);
    for (const [at, state] of states.entries()) if (at > 0) started.advance(states[at - 1]!, state);
    return started.finish(states.at(-1)!);
  });
  return configurationOfSteps(name, flow, conversations);
}
