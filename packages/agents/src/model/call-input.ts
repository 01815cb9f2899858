/** Reads the arguments of a tool call as the model wrote them: plain JSON, never repaired. */
import { isOrchError, type Json, parseJson } from "@orch/core";
import type { ToolCallPart } from "../words/message.ts";

/** The outcome of reading arguments: the value, or why there is none. */
export type CallInput = { readonly input: Json } | { readonly invalid: string };

/** Parses raw arguments; empty text means no arguments, `{}`. */
export function readCallInput(rawInput: string): CallInput {
  if (rawInput.trim() === "") return { input: {} };
  try {
    return { input: parseJson(rawInput) };
  } catch (error) {
    const why = isOrchError(error, "ORCH_JSON") ? error.message.split("\n", 1)[0] : "The text is not JSON.";
    return { invalid: `The arguments cannot be read. ${why}` };
  }
}

/** A call whose message did not come to its end: it must not run, however whole it looks. */
export function unrunnable(call: ToolCallPart): ToolCallPart {
  const { input: _input, ...rest } = call;
  return {
    ...rest,
    invalid: call.invalid ?? "The answer was cut off before its end, so this call is not run.",
  };
}

/** The arguments as an object that a provider accepts in a history, which may hold calls that never were valid. */
export function inputForReplay(call: ToolCallPart): { readonly [key: string]: Json } {
  const read = readCallInput(call.rawInput);
  if (!("input" in read)) return {};
  const { input } = read;
  return typeof input === "object" && input !== null && !Array.isArray(input)
    ? (input as { readonly [key: string]: Json })
    : {};
}
