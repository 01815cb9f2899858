/** Tool calls as questions of an orchestration's run: asked and kept there, and answered at any later time. */
import type { Json, RunContext, Schema } from "@orch/core";
import type { Tool, ToolOutput, ToolQuestion } from "../agent/tool.ts";
import { isObject, type JsonObject } from "../platform/json-object.ts";
import type { Message } from "../words/message.ts";
import type { PendingCall } from "../words/result.ts";
import type { Approval } from "./approval.ts";
import { callHash } from "./call-hash.ts";
import type { RunOnce } from "./remember.ts";

/** What a host may offer besides {@link RunContext}: questions and memory that outlive the process. */
export interface LastingContext {
  readonly ask?: <TAnswer>(question: {
    readonly name: string;
    readonly prompt: unknown;
    readonly answer: Schema<TAnswer>;
  }) => Promise<TAnswer>;
  readonly once?: RunOnce;
}

/** Enough to tell what one state tells its agents apart; approvals are bound by the whole hash of their call. */
const NAME_DIGITS = 12;

const invocations = new WeakMap<RunContext, Map<string, number>>();

/**
 * The questions and the memory that a run's host offers to one agent invocation. Names begin with the agent's id and
 * its input, so that several agents in one state never get each other's answers.
 */
export function lastingOf(ctx: RunContext, id: string, input: string | readonly Message[]): LastingContext {
  const { ask, once } = ctx as RunContext & LastingContext;
  if (ask === undefined && once === undefined) return {};
  // The length and the end of a conversation identify it, without reading a long one.
  const end = typeof input === "string" ? input : [input.length, input.at(-1) ?? null];
  const told = `${id}:${callHash({ name: id, input: end as Json }).slice(0, NAME_DIGITS)}`;
  const counts = invocations.get(ctx) ?? new Map<string, number>();
  invocations.set(ctx, counts);
  const count = (counts.get(told) ?? 0) + 1;
  counts.set(told, count);
  const prefix = count === 1 ? told : `${told}:${count}`;
  return {
    ...(ask && { ask: (question) => ask({ ...question, name: `${prefix}:${question.name}` }) }),
    ...(once && { once: (name, fn) => once(`${prefix}:${name}`, fn) }),
  };
}

/** What a question about a call is put with. */
interface CallPrompt {
  readonly question: string;
  readonly tool: string;
  readonly input: Json;
}

/** Asks whether a call may run. The name of the question is made of the exact call: an answer never fits another. */
export async function askApproval(
  ask: NonNullable<LastingContext["ask"]>,
  call: PendingCall,
  place: string,
  tool: Tool,
): Promise<Approval> {
  const name = `approval:${place}:${callHash(call)}`;
  const question = `May the tool "${call.name}" run with ${JSON.stringify(call.input)}?`;
  const prompt: CallPrompt = { question, tool: call.name, input: call.input };
  // What reads an answer reads arguments, and few agents have tools that ask.
  const { approvalAnswer } = await import("./approval-answer.ts");
  return ask({ name, prompt, answer: approvalAnswer(tool) });
}

/** A tool call that a question asks about. */
export interface AskedCall {
  readonly tool: string;
  readonly input: Json;
  /** What other arguments have to look like; absent where the question does not tell. */
  readonly schema?: JsonObject;
}

/**
 * The tool call that an open question of a run asks about; `undefined` for every other question. The id of the question
 * binds it to the call: a prompt that only looks like one, as a model could write it, is none.
 */
export function askedCall(question: {
  readonly id: string;
  readonly prompt: unknown;
  readonly schema?: { readonly [key: string]: unknown } | undefined;
}): AskedCall | undefined {
  const hash = /:approval:.*:([0-9a-f]{32})$/s.exec(question.id)?.[1];
  const { prompt } = question;
  if (hash === undefined || typeof prompt !== "object" || prompt === null) return undefined;
  const { tool, input } = prompt as Partial<CallPrompt>;
  if (typeof tool !== "string" || input === undefined) return undefined;
  if (callHash({ name: tool, input }) !== hash) return undefined;
  const schema = argumentsSchema(question.schema as JsonObject | undefined);
  return { tool, input, ...(schema && { schema }) };
}

/** What the arguments of the call have to look like, out of the JSON schema of such an answer. */
function argumentsSchema(answer: JsonObject | undefined): JsonObject | undefined {
  const branches = answer?.["anyOf"];
  if (!Array.isArray(branches)) return undefined;
  for (const branch of branches) {
    const properties = isObject(branch) ? branch["properties"] : undefined;
    const input = isObject(properties) ? properties["input"] : undefined;
    if (isObject(input)) return input;
  }
  return undefined;
}

/** Asks what a tool wants to know. The name is made of the exact call and the tool's own name for it. */
export function askForTool(
  ask: NonNullable<LastingContext["ask"]>,
  { name, prompt, answer }: ToolQuestion<unknown>,
  call: PendingCall,
  place: string,
): Promise<unknown> {
  return ask({ name: `question:${place}:${callHash(call)}:${name}`, prompt, answer });
}

/** Asks for the result of a call that is run outside. */
export function askResult(
  ask: NonNullable<LastingContext["ask"]>,
  call: PendingCall,
  place: string,
): Promise<ToolOutput> {
  const name = `result:${place}:${callHash(call)}`;
  const prompt = `What is the result of the tool "${call.name}" with ${JSON.stringify(call.input)}?`;
  return ask({ name, prompt, answer: anything });
}

const anything: Schema<ToolOutput> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) => ({ value: value as ToolOutput }),
    ...{ jsonSchema: { input: () => ({}), output: () => ({}) } },
  },
};
