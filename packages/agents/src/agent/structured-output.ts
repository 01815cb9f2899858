/** Reads what a model wrote as an answer that fits a schema. Whatever the way it was asked for, the user's schema has the last word. */
import type { Json, Schema } from "@orch/core";
import { describeIssues } from "@orch/core/doors";
import { findAllJson, wholeJson } from "../platform/find-json.ts";
import { isObject } from "../platform/json-object.ts";
import { toStrict } from "../schema/schema.ts";
import { type AssistantMessage, textOf, type UserMessage, userMessage } from "../words/message.ts";
import type { ValuePlan } from "./output-plan.ts";

/** A value that fits, or what is wrong in words for the model. */
export type OutputReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/** As many values of a text are held against the schema. */
const MOST_VALUES = 32;

/** Reads an answer that came as text. Of several values the last one that fits counts: those before it are drafts. */
export async function readTextOutput(text: string, schema: Schema): Promise<OutputReading> {
  const values = findAllJson(behindThinking(text)).slice(-MOST_VALUES);
  let last: OutputReading = { ok: false, problem: "The answer is not JSON." };
  for (const [at, value] of [...values].reverse().entries()) {
    const reading = await readOutput(value, schema);
    if (reading.ok) return reading;
    if (at === 0) last = reading;
  }
  return last;
}

/** A model whose template has opened the thinking writes the end of it only. */
function behindThinking(text: string): string {
  const end = text.lastIndexOf(THINKING_ENDS);
  return end < 0 || text.includes("<think>") ? text : text.slice(end + THINKING_ENDS.length);
}

const THINKING_ENDS = "</think>";

const NOTHING: OutputReading = { ok: false, problem: "There is no answer." };

/** Reads an answer that a server put where the thinking stands: the text is empty, and the thinking is one value and nothing else. */
export async function readMisplacedOutput(message: AssistantMessage, schema: Schema): Promise<OutputReading> {
  if (textOf(message).trim() !== "") return NOTHING;
  const text = message.content.map((part) => (part.type === "reasoning" ? part.text : "")).join("");
  const value = wholeJson(text);
  return value === undefined ? NOTHING : readOutput(value, schema);
}

/** Checks an answer. An answer that a model wrapped in an object of a single key is unwrapped when only the inside fits. */
export async function readOutput(value: Json, schema: Schema): Promise<OutputReading> {
  const { restore } = toStrict(schema);
  const first = await validate(restore(value), schema);
  if (first.ok) return first;
  const inner = isObject(value) ? Object.values(value) : [];
  if (inner.length !== 1) return first;
  const second = await validate(restore(inner[0]!), schema);
  return second.ok ? second : first;
}

async function validate(value: unknown, schema: Schema): Promise<OutputReading> {
  try {
    const checked = await schema["~standard"].validate(value);
    if (checked.issues === undefined) return { ok: true, value: checked.value };
    return { ok: false, problem: describeIssues(checked.issues.slice(0, 5)) };
  } catch (error) {
    // A transform or a check of the user's own threw: the model may do better with another answer.
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Sends an answer back with what is wrong with it. */
export function reAsk(problem: string, plan: ValuePlan): UserMessage {
  const how = plan.way === "tool" ? `by calling ${plan.spec.name}` : "with the JSON value only";
  return userMessage(`The answer does not fit the schema: ${problem}\nAnswer again, ${how}.`);
}
