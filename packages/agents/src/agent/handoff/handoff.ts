/** Handing a conversation to another agent: a tool the model calls, and the runner changes who answers. */

import { AgentSetupError } from "../../errors/agent-setup-error.ts";
import { ToolNameError } from "../../errors/tool-name-error.ts";
import { legalName } from "../../platform/legal-name.ts";
import type { Message } from "../../words/message.ts";
import type { ToolSpec } from "../../words/model.ts";
import type { Agent } from "../agent.ts";

/**
 * What the next agent is shown of the conversation until the handoff. Pure: it is called again when
 * the conversation goes on in a later run. The run's own messages stay whole.
 */
export type HandoffFilter = (messages: readonly Message[]) => readonly Message[];

/** A way from one agent to another. Make one with {@link handoff}. */
export interface Handoff {
  readonly agent: Agent<unknown>;
  /** The tool that the model calls, like `transfer_to_spanish`. */
  readonly name: string;
  readonly description: string;
  readonly filter?: HandoffFilter;
}

/** An agent may be named as it is, or with manners. */
export type HandoffTarget = Agent<unknown> | Handoff;

/** Agents that one may hand over to; a function where two agents name each other. */
export type HandoffTargets = readonly HandoffTarget[] | (() => readonly HandoffTarget[]);

/** What {@link handoff} takes besides the agent. */
export interface HandoffOptions {
  /** Default: `transfer_to_` and the agent's name. */
  readonly name?: string;
  /** When to hand over, for the model. */
  readonly description?: string;
  /** Default: the next agent sees everything. */
  readonly filter?: HandoffFilter;
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Describes a way to another agent, for `handoffs` of `agent`.
 *
 * @example
 * ```ts
 * const triage = agent({ name: "triage", handoffs: [handoff(spanish, { description: "For questions in Spanish." })] });
 * ```
 * @throws ToolNameError (`ORCH_TOOL_NAME`) for a name that providers refuse, or when the agent's name has no letter to make one of.
 */
export function handoff(agent: Agent<unknown>, options: HandoffOptions = {}): Handoff {
  const { filter, description = `Hands the conversation over to ${agent.name}.` } = options;
  const own = legalName(agent.name);
  const name = options.name ?? (own === "" ? "" : `transfer_to_${own}`.slice(0, 64));
  if (!NAME.test(name)) throw new ToolNameError({ tool: name });
  return Object.freeze({ agent, name, description, ...(filter !== undefined && { filter }) });
}

const resolved = new WeakMap<Agent<unknown>, readonly Handoff[]>();
const NONE: readonly Handoff[] = [];

/**
 * The ways out of an agent.
 *
 * @throws AgentSetupError (`ORCH_AGENT_SETUP`) when two of them, or one of them and a tool, share a name.
 */
export function handoffsOf(agent: Agent<unknown>): readonly Handoff[] {
  const { handoffs } = agent;
  if (handoffs === undefined) return NONE;
  const known = resolved.get(agent);
  if (known !== undefined) return known;
  const targets = typeof handoffs === "function" ? handoffs() : handoffs;
  const ways = targets.map((target) => ("agent" in target ? target : handoff(target)));
  const seen = new Set(agent.tools.map(({ name }) => name));
  for (const { name } of ways) {
    if (seen.has(name)) {
      throw new AgentSetupError({
        agent: agent.name,
        problem: `two of its tools and handoffs are named "${name}"`,
      });
    }
    seen.add(name);
  }
  resolved.set(agent, ways);
  return ways;
}

const NO_ARGUMENTS = { type: "object", properties: {}, required: [], additionalProperties: false } as const;

/** A handoff as the model sees it. */
export function handoffSpec({ name, description }: Handoff): ToolSpec {
  return { name, description, schema: NO_ARGUMENTS, strict: true };
}
