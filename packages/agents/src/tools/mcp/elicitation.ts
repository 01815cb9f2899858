/**
 * What a server wants to know from a person in the middle of a call, as questions of the run. A question is named by its order in
 * the call and by what it says, so that a call that is made again after a restart is given the answers it had.
 */
import type { ElicitRequest, ElicitResult } from "@modelcontextprotocol/client";
import type { Json, Schema } from "@orch/core";
import type { ToolContext } from "../../agent/tool.ts";
import { canonical } from "../../platform/canonical.ts";
import { cutText } from "../../platform/cut-text.ts";
import { isObject, type JsonObject } from "../../platform/json-object.ts";
import { sha256 } from "../../platform/sha256.ts";
import type { McpSdk } from "./sdk.ts";

const LONGEST_MESSAGE = 4_000;
const NAME_DIGITS = 12;
const ACTIONS = ["accept", "decline", "cancel"] as const;

/** What a person is shown. */
export interface ElicitationPrompt {
  readonly question: string;
  /** The name of the server that asks. */
  readonly server: string;
  /** The server's own name of the tool that was called. */
  readonly tool: string;
  /** Where the person has to act, when the answer does not go through the program. */
  readonly url?: string;
}

type Params = ElicitRequest["params"];

/** The questions of a server about one call. */
export class Elicitation {
  readonly #sdk: McpSdk;
  readonly #server: string;
  readonly #tool: string;
  readonly #ask: ToolContext["ask"];
  #asked = 0;

  constructor(sdk: McpSdk, server: string, tool: string, ask: ToolContext["ask"]) {
    this.#sdk = sdk;
    this.#server = server;
    this.#tool = tool;
    this.#ask = ask;
  }

  /** Asks the person. Where nobody can be asked, the question counts as left. */
  async answer(params: Params): Promise<ElicitResult> {
    const ask = this.#ask;
    if (ask === undefined) return { action: "cancel" };
    const form = "requestedSchema" in params ? (params.requestedSchema as JsonObject) : undefined;
    const url = "url" in params ? params.url : undefined;
    // A run shows a question as it was first asked, so one with another address has to be another question.
    const told = { message: params.message, form: form ?? null, url: url ?? null };
    const name = `${++this.#asked}:${sha256(canonical(told as Json)).slice(0, NAME_DIGITS)}`;
    const prompt: ElicitationPrompt = {
      question: questionOf(this.#server, params.message, url),
      server: this.#server,
      tool: this.#tool,
      ...(url !== undefined && { url }),
    };
    return ask({ name, prompt, answer: answerSchema(form, this.#checkOf(form)) });
  }

  /** A form that cannot be read is not checked here; the server checks it. */
  #checkOf(form: JsonObject | undefined): (content: unknown) => string | undefined {
    if (form === undefined) return () => undefined;
    try {
      const validate = this.#sdk.outputValidator(form);
      return (content) => {
        const { valid, errorMessage } = validate(content);
        return valid ? undefined : (errorMessage ?? "it does not fit");
      };
    } catch {
      return () => undefined;
    }
  }
}

function questionOf(server: string, message: string, url: string | undefined): string {
  const text = `The MCP server "${server}" asks: ${cutText(message, LONGEST_MESSAGE)}`;
  return url === undefined ? text : `${text}\nOpen ${url} and accept when you are done.`;
}

/** An answer in the protocol's own form: `{ action, content }`. */
export function answerSchema(
  form: JsonObject | undefined,
  check: (content: unknown) => string | undefined,
): Schema<ElicitResult> {
  const shown = shownSchema(form);
  return {
    "~standard": {
      version: 1,
      vendor: "orch",
      validate: (value) => {
        const { action = "accept", content = {} } = isObject(value) ? value : {};
        if (!isObject(value) || !ACTIONS.includes(action as "accept"))
          return { issues: [{ message: `Answer with { "action": "accept", "decline" or "cancel" }` }] };
        if (action !== "accept" || form === undefined) return { value: { action } as ElicitResult };
        const whole = isObject(content) ? withDefaults(form, content) : content;
        const problem = check(whole);
        return problem === undefined
          ? { value: { action, content: whole } as ElicitResult }
          : { issues: [{ message: problem, path: ["content"] }] };
      },
      ...{ jsonSchema: { input: () => shown, output: () => shown } },
    },
  };
}

/** What surfaces show. No field has to be filled in by somebody who declines: what `accept` needs is said in words, and by `if` and `then`. */
function shownSchema(form: JsonObject | undefined): JsonObject {
  const action = {
    enum: [...ACTIONS],
    default: "accept",
    description: "decline says no; cancel leaves the question",
  };
  if (form === undefined) return { type: "object", properties: { action }, required: [] };
  const needed = Array.isArray(form["required"]) ? form["required"] : [];
  const fields = Object.entries(isObject(form["properties"]) ? form["properties"] : {}).map(
    ([key, field]) => [
      key,
      isNeeded(needed, key, field) && isObject(field) ? { ...field, description: needText(field) } : field,
    ],
  );
  const { required: _required, ...rest } = form;
  const content = { ...rest, type: "object", properties: Object.fromEntries(fields) as JsonObject };
  const shown = { type: "object", properties: { action, content }, required: ["content"] };
  const required = fields.flatMap(([key, field]) =>
    isNeeded(needed, key as string, field) ? [key as string] : [],
  );
  if (required.length === 0) return shown;
  return {
    ...shown,
    if: { properties: { action: { const: "accept" } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
    then: { properties: { content: { required } } },
  };
}

/** One with a default is filled in. */
function isNeeded(needed: readonly unknown[], key: string, field: unknown): boolean {
  return needed.includes(key) && !(isObject(field) && Object.hasOwn(field, "default"));
}

function needText(field: JsonObject): string {
  const about = field["description"] ?? field["title"];
  return typeof about === "string" ? `${about} (needed to accept)` : "needed to accept";
}

function withDefaults(form: JsonObject, content: JsonObject): JsonObject {
  const whole = { ...content };
  for (const [key, field] of Object.entries(isObject(form["properties"]) ? form["properties"] : {})) {
    const missing = !Object.hasOwn(content, key) && isObject(field) && Object.hasOwn(field, "default");
    if (missing) Object.assign(whole, { [key]: (field as JsonObject)["default"] });
  }
  return whole;
}
