/** A tool: a typed function that a model may call. */

import type { Json, Schema } from "@orch/core";
import { ABOVE, checkNumbers } from "@orch/core/doors";
import { ToolNameError } from "../errors/tool-name-error.ts";
import { jsonFormOf } from "../schema/json-form.ts";
import type { FilePart, Message, TextPart } from "../words/message.ts";
import type { ProviderTool } from "../words/provider-tool.ts";
import type { Agent } from "./agent.ts";

/** A question that a tool asks a person in the middle of a call. */
export interface ToolQuestion<TAnswer> {
  /** Unique within the call: after a restart the call is made again, and is given the answer that was given under this name. */
  readonly name: string;
  /** What the person is shown: a text, or plain data whose `question` is the text. */
  readonly prompt: unknown;
  /** Checks the answer; `ask` resolves to the output of the schema. */
  readonly answer: Schema<TAnswer>;
}

/** What a tool is given besides its arguments. */
export interface ToolContext {
  /** Aborted when the run is cancelled or the tool's time is up. */
  readonly signal: AbortSignal;
  readonly callId: string;
  /** Sends progress to the readers of the agent's events, as `tool.progress`. */
  readonly emit: (data: unknown) => void;
  /**
   * Asks a person, and waits for the answer; the call's time stands still meanwhile. Absent where nobody can be asked. In an
   * orchestration it is a question of the run.
   */
  readonly ask?: <TAnswer>(question: ToolQuestion<TAnswer>) => Promise<TAnswer>;
  /** The `context` of the run. */
  readonly context?: unknown;
}

/** What a tool may answer with: text, parts, or any value that JSON can carry. */
export type ToolOutput = string | readonly (TextPart | FilePart)[] | Json | undefined;

/** How a tool is run, apart from what it does. */
export interface ToolManners {
  readonly name: string;
  /** What the tool does and when to use it, for the model. */
  readonly description: string;
  /** In milliseconds. Default: the agent's `toolTimeout`, else 60,000. */
  readonly timeout?: number;
  /**
   * How long a call may take that tells of its progress (`ctx.emit`), in milliseconds: each word of it starts `timeout`
   * again, up to this total. Default: progress changes nothing.
   */
  readonly longest?: number;
  /** Never runs beside another tool of the same message. Default false. */
  readonly sequential?: boolean;
  /** Ends the run after its message's tools, with this tool's output as the agent's. Default false. */
  readonly ends?: boolean;
  /** What a failure does: `tell` the model, which may try again (the default), or `stop` the run. */
  readonly onError?: "tell" | "stop";
}

/** An agent behind a tool. Made by `asTool`. */
export interface InnerAgent {
  readonly agent: Agent<unknown>;
  readonly toInput: (input: never) => string | readonly Message[];
  readonly toOutput: (output: never) => ToolOutput;
}

/** A tool of any arguments, as an agent holds it. Make one with {@link tool}. */
export interface Tool extends ToolManners {
  readonly input: Schema;
  /** Set when the call is run outside: `invoke` is never called then. */
  readonly deferred?: true;
  /** Set when a call is a run of another agent: `invoke` is never called then. */
  readonly inner?: InnerAgent;
  readonly invoke: (input: never, ctx: ToolContext) => ToolOutput | Promise<ToolOutput>;
  /** Whether a person must agree to a call first. Default no. */
  readonly approve?: boolean | ((input: never) => boolean);
  /** Set for a tool that providers know by themselves. See `@orch/agents/provider-tools`. */
  readonly provider?: ProviderTool;
}

/** What {@link tool} takes. */
export interface ToolOptions<TInput> extends ToolManners {
  /** Checks the arguments; `invoke` receives the output of the schema. */
  readonly input: Schema<TInput>;
  /**
   * Without it the tool is deferred: the caller runs it, and the run waits with `needs-results`
   * unless it was given `execute`.
   */
  readonly invoke?: (input: NoInfer<TInput>, ctx: ToolContext) => ToolOutput | Promise<ToolOutput>;
  /** Whether a person must agree to a call first. Default no. A function that throws counts as yes. */
  readonly approve?: boolean | ((input: NoInfer<TInput>) => boolean);
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Makes a tool whose function gets what its schema gives.
 *
 * @example
 * ```ts
 * const weather = tool({
 *   name: "weather",
 *   description: "The weather in a city, now.",
 *   input: z.object({ city: z.string() }),
 *   invoke: async ({ city }, { signal }) => look(city, signal),
 * });
 * ```
 * @throws ToolNameError (`ORCH_TOOL_NAME`) for a name that providers refuse, SchemaError (`ORCH_SCHEMA`)
 * for a schema that cannot be sent to a model.
 */
export function tool<TInput>(options: ToolOptions<TInput>): Tool {
  if (!NAME.test(options.name)) throw new ToolNameError({ tool: options.name });
  // A schema that no model can be sent is a mistake of the program, so it is told here and not in a run.
  jsonFormOf(options.input);
  checkNumbers(ABOVE, { timeout: options.timeout, longest: options.longest });
  const { invoke, ...manners } = options;
  return Object.freeze(
    invoke === undefined
      ? { ...manners, deferred: true as const, invoke: () => "This tool is run outside." }
      : { ...manners, invoke },
  );
}
