/** Agents that hand the conversation to each other as something that answers it. */
import type { Agent } from "@orch/agents";
import { COUNT, checkNumbers } from "@orch/core/doors";
import { RuntimeSetupError } from "../errors/runtime-setup-error.ts";
import { agentRuntime } from "./agent-runtime.ts";
import { checkAgents } from "./agent-steps.ts";
import type { OrchestrationConfiguration } from "./runtime-configuration.ts";

/** Who begins, and how often a turn is handed over. */
export interface HandoffRuntimeOptions {
  /** Shown on screen and stored with each turn. Default `handoff`. */
  readonly name?: string;
  /** The name of the agent that a conversation begins with. Default: the first. */
  readonly start?: string;
  /** How often one turn may be handed over; then it fails. Default 5. */
  readonly maxHops?: number;
}

/**
 * Makes a runtime configuration of agents of which each may hand the conversation to any other, or only to those of its own
 * `handoffs`, where it has them. A handoff is the event `agent.handoff`. The conversation itself says who has it: the next turn, also one of another process, stays with the
 * agent that it was handed to.
 *
 * A turn fails with AgentStoppedError (`ORCH_AGENT_STOPPED`, `max-handoffs`) when it is handed over more than `maxHops` times.
 *
 * @throws RuntimeSetupError (`ORCH_RUNTIME_SETUP`) for no agents, two of one name, or a start that is none of them.
 *
 * @example
 * ```ts
 * const runtime = new ChatRuntime(handoffRuntime([english, spanish], { start: "english" }));
 * ```
 */
export function handoffRuntime(
  agents: readonly Agent<unknown>[],
  options: HandoffRuntimeOptions = {},
): OrchestrationConfiguration {
  const { name = "handoff", maxHops = 5 } = options;
  checkAgents(name, agents);
  const start = options.start ?? agents[0]!.name;
  checkNumbers(COUNT, { maxHops });
  const linked: readonly Agent<unknown>[] = agents.map((one) =>
    Object.freeze({
      ...one,
      maxHandoffs: maxHops,
      handoffs: one.handoffs ?? (() => linked.filter((other) => other.name !== one.name)),
    }),
  );
  const first = linked.find((one) => one.name === start);
  if (first === undefined) {
    throw new RuntimeSetupError({
      configuration: name,
      problem: `its start "${start}" is none of its agents`,
    });
  }
  return agentRuntime(first, { name });
}
