/** A typed answer to a question of a run that nobody drives, where only the form of the answer is known. */
import type { JsonSchema } from "@orch/core";
import { AnswerUnfitError } from "../errors/answer-unfit-error.ts";
import { readings } from "../sessions/open-questions.ts";
import { wantedBy } from "../sessions/wanted-by.ts";

/**
 * The reading of a text that has the form of an answer. Nothing checks it before the run goes on, so that a "yes" must not
 * stay a text where `true` is asked for.
 *
 * @throws AnswerUnfitError (`ORCH_ANSWER_UNFIT`) when none has.
 */
export function typedAnswer(text: string, question: string, schema: JsonSchema | undefined): unknown {
  const all = [...readings(text)];
  // Without a form the reading that says most: a yes is a yes, and JSON is JSON.
  if (schema === undefined) return all.at(-1);
  const fitting = all.find((value) => fits(value, schema));
  if (fitting === undefined) throw new AnswerUnfitError({ question, wanted: wantedBy(schema) });
  return fitting;
}

/** Whether a value has the form that a JSON Schema describes, as far as forms can tell readings apart. */
function fits(value: unknown, schema: unknown): boolean {
  if (!isObject(schema)) return schema !== false;
  const { type, enum: choices, const: only, anyOf, oneOf, required, properties } = schema;
  const some = listOf(anyOf) ?? listOf(oneOf);
  if (some !== undefined) return some.some((one) => fits(value, one));
  if (Object.hasOwn(schema, "const")) return same(value, only);
  if (Array.isArray(choices)) return choices.some((choice) => same(value, choice));
  if (type !== undefined && ![type].flat().some((name) => typeOf(value).includes(String(name)))) return false;
  if (!isObject(value)) return true;
  if (Array.isArray(required) && required.some((name) => !Object.hasOwn(value, String(name)))) return false;
  const known = isObject(properties) ? properties : {};
  return Object.entries(known).every(([name, one]) => !Object.hasOwn(value, name) || fits(value[name], one));
}

function typeOf(value: unknown): readonly string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [typeof value];
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
