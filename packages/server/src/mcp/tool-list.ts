import type { JsonSchema } from "@orch/core";
import type { JsonObject } from "../reply/json-object.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import type { McpMethod, McpRequest } from "./mcp-request.ts";

/** The argument of a tool whose orchestration takes something else than an object. */
const ARGUMENT = "input";
/** The field of a result that is no object. */
const RESULT = "result";

/** The orchestrations that are tools: all but those that write prompts. */
export function offeredTools({ call, settings }: McpRequest): readonly PublicOrchestration[] {
  return call.runs.orchestrations.filter(({ name }) => settings.prompts.of(name) === undefined);
}

/** `tools/list`, in the order of the server's options. */
export const listTools: McpMethod = async (request) => ({
  result: {
    tools: offeredTools(request).map((offered) => toolObject(offered, request)),
    ...cacheWords(request),
  },
});

/** An orchestration as a tool. */
function toolObject(offered: PublicOrchestration, { settings, isStateless }: McpRequest): object {
  const { name, description, output } = offered;
  const taskSupport = settings.taskSupport(name);
  return {
    name,
    ...(description && { description }),
    inputSchema: inputSchema(offered),
    ...(output && { outputSchema: isObjectSchema(output) ? output : wrapped(RESULT, output) }),
    // In the protocol of 2026 the server says by its results what is a task.
    ...(!isStateless && { execution: { taskSupport } }),
  };
}

/** What the arguments of a call have to look like. */
export function inputSchema({ input }: PublicOrchestration): JsonSchema {
  if (input === undefined) return { type: "object", properties: { [ARGUMENT]: {} } };
  return isObjectSchema(input) ? input : wrapped(ARGUMENT, input);
}

function wrapped(field: string, { $schema, $defs, ...schema }: JsonSchema): JsonSchema {
  const head = { ...($schema !== undefined && { $schema }), ...($defs !== undefined && { $defs }) };
  return { ...head, type: "object", properties: { [field]: schema }, required: [field] };
}

/** The input of a run, from the arguments of a call. */
export function toolInput({ input }: PublicOrchestration, args: JsonObject): unknown {
  if (input !== undefined && isObjectSchema(input)) return args;
  return ARGUMENT in args
    ? args[ARGUMENT]
    : input === undefined && Object.keys(args).length > 0
      ? args
      : undefined;
}

/** The output of a run as an object, for results that have one. */
export function structured(output: unknown, { output: schema }: PublicOrchestration): object | undefined {
  if (output === undefined) return undefined;
  const isObject = typeof output === "object" && output !== null && !Array.isArray(output);
  if (schema === undefined) return isObject ? output : undefined;
  return isObjectSchema(schema) ? (isObject ? output : undefined) : { [RESULT]: output };
}

function isObjectSchema({ type }: JsonSchema): boolean {
  return type === "object";
}

/** How long a client may keep a list, and for whom: lists belong to their caller. */
export function cacheWords({ isStateless }: McpRequest): object {
  return isStateless ? { ttlMs: 60_000, cacheScope: "private" } : {};
}
