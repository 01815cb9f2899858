/**
 * `completion/complete`: proposes values for the arguments of prompts and the variables of templates, while a person types.
 *
 * Source: https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/completion
 */
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { callerOf } from "./caller-of.ts";
import { unfitParams } from "./faults.ts";
import type { McpMethod, McpRequest } from "./mcp-request.ts";
import type { McpCompletion } from "./offered-prompt.ts";
import { argumentsOf, orchestrationOf } from "./prompts.ts";
import { RUN_TEMPLATE } from "./resource-uris.ts";
import { inputSchema } from "./tool-list.ts";

/** How many values a client is told, as the protocol says. */
const MOST = 100;

export const complete: McpMethod = async (request) => {
  const { ref, argument, context } = request.params;
  if (!isObject(ref) || !isObject(argument)) return unfitParams("ref or argument is no object.");
  const { name, value } = argument;
  if (typeof name !== "string" || typeof value !== "string")
    return unfitParams("The argument has no name, or no value.");
  const found = completionOf(request, ref, name);
  if (found === "unknown") return unfitParams("There is no such prompt or template.");
  const all = await found(value, textsIn(context), callerOf(request.call));
  const values = all.slice(0, MOST);
  return { result: { completion: { values, total: all.length, hasMore: all.length > MOST } } };
};

function completionOf(request: McpRequest, ref: JsonObject, name: string): McpCompletion | "unknown" {
  const { settings } = request;
  if (ref["type"] === "ref/prompt") {
    const prompt = settings.prompts.named(ref["name"]);
    const offered = prompt && "orchestration" in prompt ? orchestrationOf(request, prompt) : undefined;
    if (prompt === undefined || ("orchestration" in prompt && offered === undefined)) return "unknown";
    const known = argumentsOf(prompt, offered);
    const { complete: own } = (Object.hasOwn(known, name) ? known[name] : undefined) ?? {};
    return own ?? choicesIn(offered && inputSchema(offered), name);
  }
  if (ref["type"] !== "ref/resource") return "unknown";
  if (ref["uri"] === RUN_TEMPLATE) return name === "run" ? runsOf(request) : NONE;
  const resource = settings.resources.ofTemplate(ref["uri"]);
  if (resource === undefined) return "unknown";
  const { complete: own = {} } = resource;
  return (Object.hasOwn(own, name) ? own[name] : undefined) ?? NONE;
}

const NONE: McpCompletion = () => [];

/** The newest runs whose ids begin with what was typed. */
function runsOf({ call }: McpRequest): McpCompletion {
  return async (typed) => {
    const runs = await call.runs.list({ limit: 200 });
    return runs.map(({ run }) => run).filter((run) => run.startsWith(typed));
  };
}

/** The values that a schema allows, where it lists them. */
function choicesIn(schema: JsonObject | object | undefined, name: string): McpCompletion {
  const properties = isObject(schema) ? schema["properties"] : undefined;
  const property = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  const choices: readonly unknown[] =
    isObject(property) && Array.isArray(property["enum"]) ? property["enum"] : [];
  return (typed) =>
    choices.filter(
      (choice) => typeof choice === "string" && choice.toLowerCase().startsWith(typed.toLowerCase()),
    ) as readonly string[];
}

function textsIn(context: unknown): { readonly [name: string]: string } {
  const args = isObject(context) ? context["arguments"] : undefined;
  if (!isObject(args)) return {};
  const texts = Object.entries(args).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
