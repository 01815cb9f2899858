/** Puts a question of a run to the person before the client: a tool call as a request for permission, all others as a form. */
import type { PermissionOption } from "@agentclientprotocol/sdk";
import type { AskedCall } from "@orch/agents";
import type { Asked } from "../questions/asked.ts";
import { formOf } from "../questions/form.ts";
import type { GrantScope } from "../questions/grants.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import type { AcpClient } from "./acp-client.ts";
import { formSchema, valuesOf } from "./elicitation-form.ts";

/** What the person said. `message`: here only a message can answer. `stop`: the turn is to be stopped. */
export type ClientAnswer =
  | { readonly type: "values"; readonly values: readonly unknown[]; readonly grant?: GrantScope }
  | { readonly type: "message" }
  | { readonly type: "stop" };

/** About which turn is asked. */
export interface ClientQuestion {
  readonly sessionId: string;
  /** The entry of a call that the client knows already. */
  readonly callOf: (call: AskedCall) => string | undefined;
  readonly signal: AbortSignal;
}

/** Asks. `problem` says what was wrong with the answer before. Never rejects. */
export async function askClient(
  asked: Asked,
  client: AcpClient,
  turn: ClientQuestion,
  problem?: string,
): Promise<ClientAnswer> {
  try {
    if (asked.call !== undefined) return await askPermission(asked.id, asked.call, client, turn);
    return client.elicits ? await askForm(asked, client, turn, problem) : { type: "message" };
  } catch {
    // It does not know the request, or the turn has ended meanwhile.
    return { type: "message" };
  }
}

/** How an answer is chosen. */
const GRANTS: { readonly [option: string]: GrantScope } = { run: "run", always: "tool", same: "arguments" };

async function askPermission(
  id: string,
  call: AskedCall,
  client: AcpClient,
  { sessionId, callOf, signal }: ClientQuestion,
): Promise<ClientAnswer> {
  const tool = visibleText(call.tool);
  const options: PermissionOption[] = [
    { optionId: "yes", name: "Allow once", kind: "allow_once" },
    { optionId: "run", name: "Allow in this run", kind: "allow_always" },
    { optionId: "always", name: safe`Always allow ${tool} in this folder`, kind: "allow_always" },
    { optionId: "same", name: "Always allow with these arguments", kind: "allow_always" },
    { optionId: "no", name: "Deny", kind: "reject_once" },
  ];
  // What is hidden in arguments is shown here, where somebody decides by them.
  const input = visibleText(JSON.stringify(call.input, undefined, 2), { multiline: true });
  const toolCall = {
    toolCallId: callOf(call) ?? id,
    title: safe`May ${tool} run?`,
    rawInput: call.input,
    content: [{ type: "content" as const, content: { type: "text" as const, text: fenced(input) } }],
  };
  const { outcome } = await client.permission({ sessionId, toolCall, options }, signal);
  if (outcome.outcome !== "selected") return { type: "stop" };
  const { optionId } = outcome;
  const scope = GRANTS[optionId];
  if (scope !== undefined) return { type: "values", values: [true], grant: scope };
  return { type: "values", values: [optionId === "yes"] };
}

async function askForm(
  { prompt, schema }: Asked,
  client: AcpClient,
  { sessionId, signal }: ClientQuestion,
  problem: string | undefined,
): Promise<ClientAnswer> {
  const form = formOf(schema);
  let wrong = problem;
  for (;;) {
    const message = wrong === undefined ? promptText(prompt) : `${promptText(prompt)}\n\n${wrong}`;
    const requestedSchema = formSchema(form);
    const reply = await client.elicit({ mode: "form", sessionId, message, requestedSchema }, signal);
    // Who declines to fill a form may still answer by a message.
    if (reply.action !== "accept") return { type: "message" };
    const content = "content" in reply && typeof reply.content === "object" ? reply.content : undefined;
    const read = valuesOf(form, (content ?? {}) as Parameters<typeof valuesOf>[1]);
    if ("values" in read) return { type: "values", values: read.values };
    wrong = read.problem;
  }
}

/** As code: no mark in it is drawn as anything else. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}json\n${text}\n${fence}`;
}
