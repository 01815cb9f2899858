/** Agents side by side, and one synthesis, as something that answers a conversation. */
import type { Agent } from "@orch/agents";
import { all, orchestration } from "@orch/core";
import { type AgentStep, agentStep, checkAgents, configurationOfSteps } from "./agent-steps.ts";
import { HeldConversations } from "./held-conversations.ts";
import type { OrchestrationConfiguration } from "./runtime-configuration.ts";

/** How agents side by side become one answer. */
export interface ConcurrentRuntimeOptions {
  /** Shown on screen and stored with each turn. Default `concurrent`. */
  readonly name?: string;
  /** Makes the answer: it sees the conversation, and every agent's answer under its name. */
  readonly synthesize: Agent<unknown>;
  /** How many agents run at the same time. Default: all. */
  readonly concurrency?: number;
}

/**
 * Makes a runtime configuration of agents that answer at once. The synthesis speaks and is remembered; their own answers
 * are events of the turn. The answers reach it in the order of `agents`, whichever came first.
 *
 * @throws RuntimeSetupError (`ORCH_RUNTIME_SETUP`) for no agents, and for two of one name.
 *
 * @example
 * ```ts
 * const runtime = new ChatRuntime(concurrentRuntime([optimist, pessimist], { synthesize: judge }));
 * ```
 */
export function concurrentRuntime(
  agents: readonly Agent<unknown>[],
  options: ConcurrentRuntimeOptions,
): OrchestrationConfiguration {
  const { name = "concurrent", synthesize, concurrency } = options;
  checkAgents(name, agents);
  checkAgents(name, [...agents, synthesize]);
  const conversations = new HeldConversations();
  // A number of its own for each branch: names like "1" would change the order of an object's keys.
  const branches = Object.fromEntries(agents.map((one, at) => [`agent${at}`, agentStep(one, conversations)]));
  const together = all("agents", branches, concurrency === undefined ? {} : { concurrency });
  const last = agentStep(synthesize, conversations);
  const flow = orchestration<AgentStep, AgentStep>("concurrent", (o) =>
    o
      .start(together)
      .advance(together, last, { convert: (steps) => gathered(agents.map((_, at) => steps[`agent${at}`]!)) })
      .finish(last),
  );
  return configurationOfSteps(name, flow, conversations);
}

function gathered(steps: readonly AgentStep[]): AgentStep {
  return { conversation: steps[0]!.conversation, answers: steps.flatMap(({ answers }) => answers) };
}
