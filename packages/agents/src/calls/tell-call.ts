/** The last moment of a tool call: what the model, the readers of the run and the run itself are told. */

import type { Json } from "@orch/core";
import type { ToolOutput } from "../agent/tool.ts";
import { resultJson } from "../platform/result-json.ts";
import type { GuardrailStop } from "../words/guardrail.ts";
import type { FilePart, TextPart, ToolCallPart, ToolResultPart } from "../words/message.ts";
import type { PausedRun, PendingCall, ToolFailure } from "../words/result.ts";
import type { CallScope } from "./call-scope.ts";
import { type CallName, errorResult, LONGEST_OUTPUT, messageOf, shorten } from "./error-result.ts";

/** A tool's output as the model reads it: text and parts as they are, anything else as JSON, all of bounded length. */
export function outputResult(call: CallName, output: ToolOutput): ToolResultPart {
  // Not in the types, and given all the same: an error that was returned and not thrown.
  if ((output as unknown) instanceof Error) return errorResult(call, messageOf(output));
  const written = encode(output);
  if ("problem" in written) {
    const ran = "The tool did run, and only its result could not be kept, as it cannot be written as JSON.";
    return errorResult(call, `${ran} ${written.problem} Do not call it again for that.`);
  }
  return { type: "tool-result", id: call.id, name: call.name, output: written.output };
}

/** The result of a call to which a person gave other arguments than the model. */
export function withOtherInput(result: ToolResultPart, input: Json): ToolResultPart {
  const note = `[A person changed the arguments to ${shorten(JSON.stringify(input))}]`;
  const { output } = result;
  return {
    ...result,
    output: typeof output === "string" ? `${note}\n${output}` : [{ type: "text", text: note }, ...output],
  };
}

function encode(
  output: ToolOutput,
): { readonly output: ToolResultPart["output"] } | { readonly problem: string } {
  if (output === undefined) return { output: "Done." };
  if (typeof output === "string") return { output: shorten(output) };
  if (!isParts(output)) {
    const json = resultJson(output);
    return "problem" in json ? json : { output: shorten(json.text) };
  }
  let left = LONGEST_OUTPUT;
  const parts = output.map((part) => {
    if (part.type !== "text") return part;
    const text = shorten(part.text, left);
    left = Math.max(0, left - part.text.length);
    return text === part.text ? part : { ...part, text };
  });
  return { output: parts };
}

function isParts(output: ToolOutput): output is readonly (TextPart | FilePart)[] {
  return Array.isArray(output) && output.length > 0 && output.every(isPart);
}

function isPart(value: unknown): value is TextPart | FilePart {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  if (value.type === "text") return "text" in value && typeof value.text === "string";
  return value.type === "file" && "mediaType" in value && typeof value.mediaType === "string";
}

/** The result of a call or the calls that it waits for, and what follows for the run. */
export interface CallOutcome {
  /** Absent while the call waits. */
  readonly result?: ToolResultPart;
  /** The waiting calls: the call itself, or the calls of the inner agent. */
  readonly pending?: readonly PendingCall[];
  readonly paused?: PausedRun;
  /** Set by a tool that ends the run. */
  readonly ending?: { readonly output: ToolOutput };
  /** Set by a tool whose failure ends the run. */
  readonly failure?: ToolFailure;
  /** Set by a guardrail that ends the run. */
  readonly guardrail?: GuardrailStop;
}

/** A call that has its result, as the readers of the run are told. `duration` is in milliseconds. */
export function completed(
  { id, name }: ToolCallPart,
  result: ToolResultPart,
  { emit }: Pick<CallScope, "emit">,
  { duration = 0, replayed = false }: { readonly duration?: number; readonly replayed?: boolean } = {},
  follows?: Pick<CallOutcome, "ending" | "failure" | "guardrail">,
): CallOutcome {
  emit({ type: "tool.completed", id, name, result, duration, ...(replayed && { replayed }) });
  return follows === undefined ? { result } : { result, ...follows };
}
