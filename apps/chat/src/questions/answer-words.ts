/** Answers, and what is wrong with them, in words. */
import type { AskedCall } from "@orch/agents";
import type { SchemaIssue } from "@orch/core";
import { promptText } from "../terminal/prompt-text.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import type { Asked } from "./asked.ts";

/** What a schema found, for a person: where, and what fits there. Names of types are words, and no library speaks. */
export function issueWords(issues: readonly SchemaIssue[]): {
  readonly problem: string;
  readonly path: readonly string[];
} {
  const said = issues.slice(0, MAX_ISSUES).map((issue) => {
    const path = keysOf(issue);
    const message = inWords(issue.message);
    return { path, text: path.length === 0 ? message : `${path.join(".")}: ${message}` };
  });
  const more = issues.length - said.length;
  const problem = said.map(({ text }) => text).join("; ");
  return {
    problem: `${problem}${more > 0 ? `; and ${more} more` : ""}`,
    path: said[0]?.path ?? [],
  };
}

const MAX_ISSUES = 3;

function keysOf({ path = [] }: SchemaIssue): readonly string[] {
  return path.map((step) => String(typeof step === "object" ? step.key : step));
}

/** The types of JSON as they are called in conversation. */
const WORDS: { readonly [type: string]: string } = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  integer: "a whole number",
  boolean: "yes or no",
  array: "a list",
  object: "several fields",
  null: "nothing",
  undefined: "nothing",
};

function inWords(message: string): string {
  const words = message
    .replace(/^Invalid (?:input|option): (?=expected)/, "")
    .replaceAll(/\bexpected (\w+)(?:, received \w+)?/g, (whole, type: string) =>
      Object.hasOwn(WORDS, type) ? `has to be ${WORDS[type]}` : whole,
    )
    .trim()
    .replace(/\.+$/, "");
  return words === "" ? "does not fit" : words;
}

/** The question in a few words, for the record of what was asked. */
export function askedWords({ call, prompt }: Asked): SafeText {
  return call === undefined ? promptText(prompt) : callWords(call);
}

function callWords({ tool, input }: AskedCall): SafeText {
  return safe`May ${visibleText(tool)} run with ${shortJson(input)}?`;
}

function shortJson(value: unknown): SafeText {
  const json = JSON.stringify(value) ?? "";
  return visibleText(json.length > MAX_INPUT ? `${json.slice(0, MAX_INPUT)}…` : json);
}

const MAX_INPUT = 100;

/** The answer in a few words. */
export function answerWords({ call }: Asked, answer: unknown, granted: boolean): SafeText {
  if (granted) return safe`yes, as you allowed before; /approve lists it`;
  if (call === undefined || typeof answer !== "object" || answer === null) return valueWords(answer);
  if ("deny" in answer) return safe`no: ${valueWords(answer.deny)}`;
  return "input" in answer ? safe`yes, with ${shortJson(answer.input)}` : valueWords(answer);
}

function valueWords(value: unknown): SafeText {
  if (value === true) return safe`yes`;
  if (value === false) return safe`no`;
  if (typeof value === "string") return safeText(value);
  if (Array.isArray(value)) return joined(value.map(valueWords));
  if (typeof value !== "object" || value === null) return safeText(String(value));
  return joined(Object.entries(value).map(([key, item]) => safe`${safeText(key)}: ${valueWords(item)}`));
}

function joined(parts: readonly SafeText[]): SafeText {
  return parts.reduce((text, part, at) => (at === 0 ? part : safe`${text}, ${part}`), safe``);
}
