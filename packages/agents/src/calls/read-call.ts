/** The first moment of a tool call: what the model wrote is read, and nothing of it is repaired. */
import type { Json } from "@orch/core";
import { describeIssues } from "@orch/core/doors";
import type { Tool } from "../agent/tool.ts";
import { type CallInput, readCallInput } from "../model/call-input.ts";
import { canonical } from "../platform/canonical.ts";
import { cutText } from "../platform/cut-text.ts";
import { toStrict } from "../schema/schema.ts";
import type { ToolCallPart } from "../words/message.ts";
import type { PendingCall } from "../words/result.ts";
import { messageOf } from "./error-result.ts";

/** A call of a known tool whose arguments fit. */
export interface ReadyCall {
  readonly id: string;
  readonly name: string;
  readonly tool: Tool;
  /** The arguments as the model wrote them. */
  readonly json: Json;
  /** The arguments as the tool's schema gave them. */
  readonly input: unknown;
  /** Set when a person put in the arguments, and not the model. */
  readonly edited?: true;
}

/** Checks a call against the tools there are. Gives `problem`, a sentence for the model, where it does not fit. */
export function readCall(
  { id, name }: ToolCallPart,
  read: CallInput,
  tools: ReadonlyMap<string, Tool>,
): CallReading | Promise<CallReading> {
  const tool = tools.get(name);
  if (tool === undefined) return { problem: unknownTool(name, tools) };
  if ("invalid" in read) return { problem: read.invalid };
  const json = read.input;
  const fits = readArguments(tool, json);
  if (fits instanceof Promise) return fits.then((later) => ready(id, tool, json, later));
  return ready(id, tool, json, fits);
}

function ready(id: string, tool: Tool, json: Json, fits: ArgumentsReading): CallReading {
  return "problem" in fits ? fits : { id, name: tool.name, tool, json, input: fits.input };
}

type CallReading = ReadyCall | { readonly problem: string };
type ArgumentsReading = { readonly input: unknown } | { readonly problem: string };

/** Checks arguments by the schema of their tool; at once where the schema does. */
export function readArguments(tool: Tool, json: Json): ArgumentsReading | Promise<ArgumentsReading> {
  try {
    const checked = tool.input["~standard"].validate(toStrict(tool.input).restore(json));
    return checked instanceof Promise ? checked.then(fitsOf, unchecked) : fitsOf(checked);
  } catch (error) {
    return unchecked(error);
  }
}

type Checked = Awaited<ReturnType<Tool["input"]["~standard"]["validate"]>>;

function fitsOf(checked: Checked): ArgumentsReading {
  if (checked.issues === undefined) return { input: checked.value };
  return { problem: `The arguments do not fit: ${describeIssues(checked.issues.slice(0, 5))}` };
}

function unchecked(error: unknown): { readonly problem: string } {
  return { problem: `The arguments could not be checked: ${messageOf(error)}` };
}

/** The longest arguments that are read, in UTF-16 code units. */
export const LONGEST_INPUT = 1_048_576;

/** The arguments of a call, read from what the model wrote, or why there are none. */
export function argumentsOf(part: ToolCallPart): CallInput {
  if (part.rawInput.length > LONGEST_INPUT) {
    const problem = `The arguments have ${part.rawInput.length} characters, and at most ${LONGEST_INPUT} are taken.`;
    return { invalid: `${problem} Send less, or in several calls.` };
  }
  return part.invalid === undefined ? readCallInput(part.rawInput) : { invalid: part.invalid };
}

/** The longest tool name, in characters. A longer name in a call is cut in messages. */
const LONGEST_NAME = 64;

function unknownTool(name: string, tools: ReadonlyMap<string, Tool>): string {
  const names = [...tools.keys()].join(", ");
  const shown = name.length > LONGEST_NAME ? `${cutText(name, LONGEST_NAME)}…` : name;
  return `Unknown tool "${shown}". Available: ${names === "" ? "none" : names}.`;
}

/** The call as data. Arguments that cannot be read are `null`; such a call never runs. */
export function pendingCallOf(part: ToolCallPart): PendingCall {
  const read = argumentsOf(part);
  return { id: part.id, name: part.name, input: "input" in read ? read.input : null };
}

/** The call as it is shown to the person or function that decides. */
export function pendingOf(call: ReadyCall): PendingCall {
  return { id: call.id, name: call.name, input: call.json };
}

/** Whether two calls are one: the same id, tool and arguments, whatever the order of their keys. */
export function isSame(a: PendingCall, b: PendingCall): boolean {
  return a.id === b.id && a.name === b.name && canonical(a.input) === canonical(b.input);
}
