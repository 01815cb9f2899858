/** An agent: who it is, what it may use, what it must give, and where it must stop. Plain data, frozen. */
import type { Schema } from "@orch/core";
import { AgentSetupError } from "./errors/agent-setup-error.ts";
import type { Message } from "./message.ts";
import type { Model, ModelRequest, Usage } from "./model.ts";
import type { Tool } from "./tool.ts";

/** The system prompt; a function of the conversation is called once per run, so that what is cached stays valid. */
export type Instructions = string | ((input: readonly Message[]) => string | Promise<string>);

/** What every model call of an agent carries besides the conversation. */
export type ModelSettings = Omit<
  ModelRequest,
  "messages" | "tools" | "toolChoice" | "output" | "signal" | "onRetry"
>;

/** Where a run stands when `prepare` is called. */
export interface PrepareContext {
  /** The turn that is about to begin, from 1. */
  readonly turn: number;
  /** What the run used until now. */
  readonly usage: Usage;
}

/** What {@link agent} takes. */
export interface AgentOptions {
  /** Shown in events and results. */
  readonly name: string;
  readonly instructions?: Instructions;
  /** A run may give another. */
  readonly model?: Model;
  readonly tools?: readonly Tool[];
  /** Model calls per run, the re-asking for valid output included. Default 10. */
  readonly maxTurns?: number;
  /** Whether a run that has used up its turns asks once more for an answer, without tools. Default false. */
  readonly finalTurn?: boolean;
  /** How often per run an answer that does not fit the schema is sent back. Default 2. */
  readonly outputRetries?: number;
  /** How long a tool without a `timeout` of its own may take, in milliseconds. Default 60,000. */
  readonly toolTimeout?: number;
  /** Ends a run before the next turn once it used so many tokens (input and output), or US dollars where the price is known. */
  readonly budget?: { readonly tokens?: number; readonly cost?: number };
  /** Shortens the conversation for the model, before every call. Pure; the run's own messages stay as they are. */
  readonly prepare?: (
    messages: readonly Message[],
    context: PrepareContext,
  ) => readonly Message[] | Promise<readonly Message[]>;
  readonly settings?: ModelSettings;
}

/** An agent. Make one with {@link agent}, run it with `runAgent`. */
export interface Agent<out TOutput = string> extends Readonly<AgentOptions> {
  readonly tools: readonly Tool[];
  readonly maxTurns: number;
  readonly outputRetries: number;
  readonly toolTimeout: number;
  /** What the answer must fit; without it the answer is text. */
  readonly output?: Schema<TOutput> | undefined;
}

/**
 * Describes an agent. It does nothing by itself.
 *
 * @example
 * ```ts
 * const planner = agent({ name: "planner", instructions: "Plan searches.", model, output: z.object({ queries: z.array(z.string()) }) });
 * const { output } = await runAgent(planner, "AI in healthcare"); // output?: { queries: string[] }
 * ```
 * @throws AgentSetupError (`ORCH_AGENT_SETUP`) for an empty name, two tools of one name, or a limit below its least value.
 */
export function agent(options: AgentOptions & { readonly output?: undefined }): Agent<string>;
export function agent<TOutput>(options: AgentOptions & { readonly output: Schema<TOutput> }): Agent<TOutput>;
export function agent(options: AgentOptions & { readonly output?: Schema | undefined }): Agent<unknown> {
  const { tools = [], maxTurns = 10, outputRetries = 2, toolTimeout = 60_000 } = options;
  const problem = problemOf(options.name, tools, { maxTurns, outputRetries, toolTimeout });
  if (problem !== undefined) throw new AgentSetupError({ agent: options.name, problem });
  return Object.freeze({
    ...options,
    tools: Object.freeze([...tools]),
    maxTurns,
    outputRetries,
    toolTimeout,
  });
}

const LEAST = { maxTurns: 1, outputRetries: 0, toolTimeout: 1 } as const;

function problemOf(
  name: string,
  tools: readonly Tool[],
  limits: { readonly [limit in keyof typeof LEAST]: number },
): string | undefined {
  if (name === "") return "its name is empty";
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) return `two of its tools are named "${name}"`;
    seen.add(name);
  }
  for (const limit of ["maxTurns", "outputRetries", "toolTimeout"] as const) {
    const value = limits[limit];
    if (!(value >= LEAST[limit])) return `${limit} is ${value} and must be at least ${LEAST[limit]}`;
  }
  return undefined;
}
