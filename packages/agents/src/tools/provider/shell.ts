/** Commands of a model, run by a handler of yours. */

import type { Json } from "@orch/core";
import type { Tool, ToolContext } from "../../agent/tool.ts";
import type { JsonObject } from "../../platform/json-object.ts";
import { type HandledToolOptions, handledTool } from "./provider-tool.ts";

/** What the model wants to be run. */
export interface ShellCommands {
  /** To be run in this order. */
  readonly commands: readonly string[];
  /** The model wants a fresh shell, before the commands. */
  readonly restart?: true;
  /** How long a command may take, in milliseconds, where the model says it. */
  readonly timeout?: number;
}

/** What became of one command. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr?: string;
  /** Default 0. */
  readonly exitCode?: number;
  readonly timedOut?: true;
}

/** Runs commands where you want them to run, best in a container; gives a result for each. */
export type ShellHandler = (
  commands: ShellCommands,
  ctx: ToolContext,
) => readonly CommandResult[] | Promise<readonly CommandResult[]>;

/** What {@link shell} takes. */
export interface ShellOptions extends HandledToolOptions<ShellCommands> {
  readonly handler: ShellHandler;
}

/**
 * A shell that OpenAI's and Anthropic's models know by themselves. This package runs no command: your handler does, and a person
 * agrees to each call unless `approve` says otherwise. The tool is named `bash`.
 */
export function shell({ handler, ...options }: ShellOptions): Tool {
  return handledTool(
    "bash",
    "Runs commands in a shell.",
    { type: "shell" },
    {
      ...options,
      read: commandsOf,
      invoke: async (commands, ctx) => (await handler(commands, ctx)) as unknown as Json,
    },
  );
}

/** OpenAI sends a list, Anthropic one command. */
function commandsOf(input: JsonObject): ShellCommands {
  const { command, commands, restart, timeout_ms: timeout } = input;
  const listed = Array.isArray(commands) ? commands : command === undefined ? [] : [command];
  return {
    commands: listed.filter((one) => typeof one === "string"),
    ...(restart === true && { restart }),
    ...(typeof timeout === "number" && { timeout }),
  };
}
