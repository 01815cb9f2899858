/** Notes that a model keeps between conversations, in a place of yours. */
import type { Tool, ToolContext } from "../../agent/tool.ts";
import type { JsonObject } from "../../platform/json-object.ts";
import { type HandledToolOptions, handledTool, type InputProblem } from "./provider-tool.ts";

/** What the model wants done with its notes. Paths begin with `/memories`; a handler has to refuse those that lead out. */
export type MemoryCommand =
  | { readonly command: "view"; readonly path: string; readonly view_range?: readonly [number, number] }
  | { readonly command: "create"; readonly path: string; readonly file_text: string }
  | {
      readonly command: "str_replace";
      readonly path: string;
      readonly old_str: string;
      readonly new_str: string;
    }
  | {
      readonly command: "insert";
      readonly path: string;
      readonly insert_line: number;
      readonly insert_text: string;
    }
  | { readonly command: "delete"; readonly path: string }
  | { readonly command: "rename"; readonly old_path: string; readonly new_path: string };

/** Does what is wanted and tells the model of it; what it throws is told as an error. */
export type MemoryHandler = (command: MemoryCommand, ctx: ToolContext) => string | Promise<string>;

/** What {@link memory} takes. */
export interface MemoryOptions extends HandledToolOptions<MemoryCommand> {
  readonly handler: MemoryHandler;
}

/**
 * Notes that Anthropic's models know how to keep. This package keeps none: your handler does, and a person agrees to each call
 * unless `approve` says otherwise.
 */
export function memory({ handler, ...options }: MemoryOptions): Tool {
  return handledTool(
    "memory",
    "Keeps notes between conversations.",
    { type: "memory" },
    { ...options, read: commandOf, invoke: handler },
  );
}

const FIELDS: { readonly [command: string]: readonly string[] } = {
  view: ["path"],
  create: ["path", "file_text"],
  str_replace: ["path", "old_str", "new_str"],
  insert: ["path", "insert_line", "insert_text"],
  delete: ["path"],
  rename: ["old_path", "new_path"],
};
const ROOT = "/memories";

/** A path that leads out of the notes never reaches a handler. */
function commandOf(input: JsonObject): MemoryCommand | InputProblem {
  const command = String(input["command"]);
  const fields = Object.hasOwn(FIELDS, command) ? FIELDS[command] : undefined;
  if (fields === undefined) return { problem: `there is no command "${command}"` };
  for (const field of fields) {
    const value = input[field];
    if (value === undefined) return { problem: `the command "${command}" needs "${field}"` };
    if (field.endsWith("path") && !isInside(value))
      return { problem: `"${field}" has to be a path inside ${ROOT}` };
  }
  return input as unknown as MemoryCommand;
}

function isInside(path: unknown): boolean {
  if (typeof path !== "string" || (path !== ROOT && !path.startsWith(`${ROOT}/`))) return false;
  let plain: string;
  try {
    plain = decodeURIComponent(path);
  } catch {
    return false;
  }
  return !/[\\\0]/.test(plain) && !plain.split("/").includes("..");
}
