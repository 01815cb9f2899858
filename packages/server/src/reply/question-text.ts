import type { Json } from "@orch/core";
import { isObject } from "./json-object.ts";
import { outputText } from "./output-text.ts";

/** Where the prompt of a question has its sentence. */
const NAMES = ["question", "message", "prompt", "text", "title"];

/** The prompt of a question as a text for a person: its sentence first, and what else is in it. */
export function questionText(prompt: Json): string {
  if (!isObject(prompt)) return outputText(prompt);
  const name = NAMES.find((key) => typeof prompt[key] === "string");
  if (name === undefined) return outputText(prompt);
  const rest = Object.fromEntries(Object.entries(prompt).filter(([key]) => key !== name));
  const sentence = String(prompt[name]);
  return Object.keys(rest).length === 0 ? sentence : `${sentence}\n${outputText(rest)}`;
}
