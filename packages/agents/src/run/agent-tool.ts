/** An agent as a tool of another: the outer one calls it, reads its answer, and stays in charge. */
import type { Schema } from "@orch/core";
import { z } from "zod";
import type { Agent } from "../agent/agent.ts";
import { type Tool, type ToolOutput, tool } from "../agent/tool.ts";
import { legalName } from "../platform/legal-name.ts";
import type { Message } from "../words/message.ts";

/** How an agent stands as a tool. */
export interface AgentToolOptions<TInput, TOutput> {
  /** When to call it, for the model. */
  readonly description: string;
  /** Default: made of the agent's name. */
  readonly name?: string;
  /** The schema of the outer agent's arguments. Default: one text, `input`. */
  readonly input?: Schema<TInput>;
  /** Makes the inner agent's input. Default: the text, or the input as JSON. */
  readonly toInput?: (input: NoInfer<TInput>) => string | readonly Message[];
  /** Makes the tool result for the outer agent. Default: the answer. */
  readonly toOutput?: (output: TOutput) => ToolOutput;
  /** Whether a person must agree to a call first. Default no; what the inner agent's tools ask for is asked anyway. */
  readonly approve?: boolean | ((input: NoInfer<TInput>) => boolean);
  /** Of the whole inner run, in milliseconds. Default: none. */
  readonly timeout?: number;
  /** Ends the outer run with the inner answer. Default false. */
  readonly ends?: boolean;
  /** What an inner run without an answer does: `tell` the outer model (the default), or `stop` the run. */
  readonly onError?: "tell" | "stop";
}

const TEXT = z.object({ input: z.string().describe("What the agent is asked, with all it needs to know.") });

/**
 * Makes a tool of an agent. A call of it is a run inside the run: it shares the outer run's signal,
 * turns, budget, questions and memory, and its events reach the readers as `agent.nested`.
 *
 * @example
 * ```ts
 * const writer = agent({ name: "writer", model, tools: [asTool(translator, { description: "Translates to Spanish." })] });
 * ```
 * @throws ToolNameError (`ORCH_TOOL_NAME`) when no name is given and none can be made of the agent's.
 */
export function asTool<TInput = { readonly input: string }, TOutput = string>(
  agent: Agent<TOutput>,
  options: AgentToolOptions<TInput, TOutput>,
): Tool {
  const {
    name = legalName(agent.name),
    input = TEXT as unknown as Schema<TInput>,
    toInput = told,
    toOutput = (output: TOutput) => output as ToolOutput,
    ...manners
  } = options;
  const made = tool<TInput>({ ...manners, name, input });
  const { deferred: _, ...rest } = made;
  return Object.freeze({ ...rest, inner: { agent, toInput, toOutput } });
}

function told(input: unknown): string {
  const isText = typeof input === "object" && input !== null && "input" in input;
  return isText && typeof input.input === "string" ? input.input : (JSON.stringify(input) ?? "");
}
