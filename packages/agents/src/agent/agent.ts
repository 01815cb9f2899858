/** An agent: who it is, what it may use, what it must give, and where it must stop. Plain data, frozen. */
import type { Clock, Schema } from "@orch/core";
import { AgentSetupError } from "../errors/agent-setup-error.ts";
import { jsonFormOf } from "../schema/json-form.ts";
import type { Guardrails } from "../words/guardrail.ts";
import type { Message } from "../words/message.ts";
import type { Model, ModelRequest, Usage } from "../words/model.ts";
import { type Budget, checkBudget } from "./allowance.ts";
import type { HandoffTargets } from "./handoff/handoff.ts";
import type { Tool } from "./tool.ts";

/** The system prompt; a function of the conversation is called once per run, so that what is cached stays valid. */
export type Instructions =
  | string
  | ((input: readonly Message[], context: unknown) => string | Promise<string>);

/** What every model call of an agent carries besides the conversation. */
export type ModelSettings = Omit<
  ModelRequest,
  "messages" | "tools" | "toolChoice" | "allowedTools" | "output" | "signal" | "onRetry"
>;

/** Where a run stands when a turn begins. */
export interface TurnStanding {
  /** The turn that is about to begin, from 1. */
  readonly turn: number;
  /** What the run used until now. */
  readonly usage: Usage;
  /** The conversation as the model sees it. */
  readonly messages: readonly Message[];
}

/** Where a run stands when `prepare` is called. */
export interface PrepareContext {
  /** The turn that is about to begin, from 1. */
  readonly turn: number;
  /** What the run used until now. */
  readonly usage: Usage;
  /** The model that will be called. */
  readonly model: Model;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /**
   * Set when the provider said that the conversation is too long: the estimated tokens that the messages have to stay
   * below. The run calls `prepare` again with it, and makes the model call once more.
   */
  readonly limit?: number;
  /** Counts a model call made by `prepare` towards the run and its budget. */
  readonly spend: (usage: Usage, model: Model) => void;
  /** Tells something once that the user should know. */
  readonly warn: (warning: string) => void;
}

/** Shortens a conversation for the model, before every call; the run's own messages stay as they are. */
export type Prepare = (
  messages: readonly Message[],
  context: PrepareContext,
) => readonly Message[] | Promise<readonly Message[]>;

/** What {@link agent} takes. */
export interface AgentOptions<in TOutput = string> {
  /** Shown in events and results. */
  readonly name: string;
  readonly instructions?: Instructions;
  /** The model of its runs; a run may replace it. */
  readonly model?: Model;
  readonly tools?: readonly Tool[];
  /**
   * Tools that come and go, beside `tools`: asked for before every model call, so that one that comes in the middle of a run
   * can be called in its next turn. Give the same array for as long as nothing changed. A name that is taken is left out.
   */
  readonly moreTools?: () => readonly Tool[] | Promise<readonly Tool[]>;
  /**
   * Which tools may be called in the turn that begins, by their names; `undefined` allows all. Handing over and answering
   * stay possible. Where a provider can be told so, the list of tools stays the same for its cache.
   */
  readonly allowedTools?: (turn: TurnStanding) => readonly string[] | undefined;
  /**
   * Agents that may go on with the conversation: the model hands over by calling a tool. Limits, budget
   * and output schema stay those of the agent a run began with. See `@orch/agents/team`.
   */
  readonly handoffs?: HandoffTargets;
  /** How often a run may be handed over; after that it stops with `max-handoffs`. Default 5. */
  readonly maxHandoffs?: number;
  /** Checks on input, output and tool calls. See `@orch/agents/guardrails`. */
  readonly guardrails?: Guardrails<TOutput>;
  /** Model calls per run, the re-asking for valid output and those of agents that are tools included. Default 10. */
  readonly maxTurns?: number;
  /** Whether a run that has used up its turns asks once more for an answer, without tools. Default false. */
  readonly finalTurn?: boolean;
  /** How often per run an answer that does not fit the schema is sent back. Default 1. */
  readonly outputRetries?: number;
  /** How long a tool without a `timeout` of its own may take, in milliseconds. Default 60,000. */
  readonly toolTimeout?: number;
  /** Ends a run with `budget` before the model call that would begin over it. A run may give another. */
  readonly budget?: Budget;
  /** Compaction: what the model sees of a conversation that grew long. See `@orch/agents/compaction`. */
  readonly prepare?: Prepare;
  readonly settings?: ModelSettings;
}

/** An agent. Make one with {@link agent}, run it with `runAgent`. */
export interface Agent<out TOutput = string> extends Readonly<AgentOptions<never>> {
  readonly tools: readonly Tool[];
  readonly maxTurns: number;
  readonly maxHandoffs: number;
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
 * @throws AgentSetupError (`ORCH_AGENT_SETUP`) for an empty name, two tools of one name, or a limit below its least value,
 * SchemaError (`ORCH_SCHEMA`) for an output schema that cannot be sent to a model.
 */
export function agent(options: AgentOptions<string> & { readonly output?: undefined }): Agent<string>;
export function agent<TOutput>(
  options: AgentOptions<NoInfer<TOutput>> & { readonly output: Schema<TOutput> },
): Agent<TOutput>;
export function agent(
  options: AgentOptions<never> & { readonly output?: Schema | undefined },
): Agent<unknown> {
  const { tools = [], maxTurns = 10, maxHandoffs = 5, outputRetries = 1, toolTimeout = 60_000 } = options;
  const problem = problemOf(options.name, tools, { maxTurns, maxHandoffs, outputRetries, toolTimeout });
  if (problem !== undefined) throw new AgentSetupError({ agent: options.name, problem });
  checkBudget(options.budget);
  // A schema that no model can be sent is told here; the rest of its way to a model is loaded with the first run.
  if (options.output !== undefined) jsonFormOf(options.output);
  return Object.freeze({
    ...options,
    tools: Object.freeze([...tools]),
    maxTurns,
    maxHandoffs,
    outputRetries,
    toolTimeout,
  });
}

const LEAST = { maxTurns: 1, maxHandoffs: 0, outputRetries: 0, toolTimeout: 1 } as const;

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
  for (const limit of ["maxTurns", "maxHandoffs", "outputRetries", "toolTimeout"] as const) {
    const value = limits[limit];
    if (!(value >= LEAST[limit]) || typeof value !== "number")
      return `${limit} is ${value} and must be at least ${LEAST[limit]}`;
  }
  return fraction(limits);
}

/** Turns and attempts are counted, so a fraction of one is a mistake. */
function fraction({
  maxTurns,
  maxHandoffs,
  outputRetries,
}: { readonly [limit in keyof typeof LEAST]: number }): string | undefined {
  const counts = Object.entries({ maxTurns, maxHandoffs, outputRetries });
  const found = counts.find(([, value]) => Number.isFinite(value) && !Number.isInteger(value));
  return found && `${found[0]} is ${found[1]} and must be whole`;
}
