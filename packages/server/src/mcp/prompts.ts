/**
 * Prompts: texts that a person chooses in its client, written by the application or by a run.
 *
 * Source: https://modelcontextprotocol.io/specification/2026-07-28/server/prompts
 */
import { isObject, type JsonObject } from "../reply/json-object.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import { callForm, promptResult } from "./call-form.ts";
import { answerCall } from "./call-tool.ts";
import { callerOf } from "./caller-of.ts";
import { unfitParams } from "./faults.ts";
import type { McpMethod, McpOutcome, McpRequest } from "./mcp-request.ts";
import type { McpArgument, McpPrompt, McpRunPrompt, McpWrittenPrompt } from "./offered-prompt.ts";
import { sessionAnswer } from "./session-answer.ts";
import { cacheWords, inputSchema } from "./tool-list.ts";

/** `prompts/list`, in the order of the door's options. One whose orchestration is not public is left out. */
export const listPrompts: McpMethod = async (request) => {
  const prompts = Object.entries(request.settings.prompts.all).flatMap(([name, prompt]) => {
    const offered = "orchestration" in prompt ? orchestrationOf(request, prompt) : undefined;
    if ("orchestration" in prompt && offered === undefined) return [];
    const { title, description = offered?.description } = prompt;
    const args = Object.entries(argumentsOf(prompt, offered)).map(([argument, facts]) => ({
      name: argument,
      ...(facts.description !== undefined && { description: facts.description }),
      required: facts.required === true,
    }));
    return [
      {
        name,
        ...(title !== undefined && { title }),
        ...(description !== undefined && { description }),
        ...(args.length > 0 && { arguments: args }),
      },
    ];
  });
  return { result: { prompts, ...cacheWords(request) } };
};

/** `prompts/get`. What a run has to ask first is asked as it is for a tool. */
export const getPrompt: McpMethod = async (request) => {
  const { params, settings } = request;
  const prompt = settings.prompts.named(params["name"]);
  if (prompt === undefined) return noPrompt(request);
  const { arguments: args = {} } = params;
  if (!isTexts(args)) return unfitParams("The arguments are no object of texts.");
  if (!("orchestration" in prompt)) return written(request, prompt, args);
  const offered = orchestrationOf(request, prompt);
  if (offered === undefined) return noPrompt(request);
  const isAsked = params["requestState"] !== undefined;
  const missing = isAsked ? undefined : missingArgument(argumentsOf(prompt, offered), args);
  if (missing !== undefined) return missing;
  const form = callForm(offered, settings);
  if (request.isStateless) return answerCall(request, { offered, support: "forbidden", form });
  return sessionAnswer(request, { offered, form, isTask: false });
};

async function written(
  request: McpRequest,
  prompt: McpWrittenPrompt,
  args: { readonly [name: string]: string },
): Promise<McpOutcome> {
  const missing = missingArgument(prompt.arguments ?? {}, args);
  if (missing !== undefined) return missing;
  const { messages, description } = prompt;
  const text = typeof messages === "function" ? await messages(args, callerOf(request.call)) : messages;
  return { result: promptResult(text, description) };
}

/** The arguments of a prompt: those of its orchestration's input, and what the application says of them. */
export function argumentsOf(
  prompt: McpPrompt,
  offered: PublicOrchestration | undefined,
): { readonly [name: string]: McpArgument } {
  const { arguments: said = {} } = prompt;
  if (offered === undefined) return said;
  const { properties, required } = inputSchema(offered);
  const known = isObject(properties) ? Object.entries(properties) : [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const found = known.map(([name, property]): readonly [string, McpArgument] => {
    const description = isObject(property) ? property["description"] : undefined;
    const isNeeded = needed.includes(name) && !(isObject(property) && "default" in property);
    return [
      name,
      { ...(typeof description === "string" && { description }), required: isNeeded, ...said[name] },
    ];
  });
  return { ...Object.fromEntries(found), ...rest(said, found) };
}

function rest(
  said: { readonly [name: string]: McpArgument },
  found: readonly (readonly [string, McpArgument])[],
): { readonly [name: string]: McpArgument } {
  const known = new Set(found.map(([name]) => name));
  return Object.fromEntries(Object.entries(said).filter(([name]) => !known.has(name)));
}

/** The orchestration that writes a prompt; `undefined` where it is not public. */
export function orchestrationOf(
  { call }: Pick<McpRequest, "call">,
  { orchestration }: McpRunPrompt,
): PublicOrchestration | undefined {
  return call.runs.orchestrations.find(({ name }) => name === orchestration);
}

function missingArgument(
  known: { readonly [name: string]: McpArgument },
  args: { readonly [name: string]: string },
): McpOutcome | undefined {
  const missing = Object.keys(known).filter(
    (name) => known[name]?.required === true && !Object.hasOwn(args, name),
  );
  return missing.length === 0 ? undefined : unfitParams(`The prompt needs ${missing.join(" and ")}.`);
}

function noPrompt({ params }: McpRequest): McpOutcome {
  return unfitParams(`There is no prompt "${String(params["name"]).slice(0, 128)}".`);
}

function isTexts(value: unknown): value is JsonObject & { readonly [name: string]: string } {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}
