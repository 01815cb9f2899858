import { type Json, parseJson } from "@orch/core";
import { EvalCaseError } from "../errors/eval-case-error.ts";

/** The object in a text of JSON. @throws EvalCaseError, by the name that it is called in errors. */
export function objectIn(text: string, name: string): { readonly [key: string]: Json } {
  let value: Json;
  try {
    value = parseJson(text, { maxDepth: 256 });
  } catch (cause) {
    throw new EvalCaseError({ name, problem: "it is not JSON" }, cause);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as { readonly [key: string]: Json };
  }
  throw new EvalCaseError({ name, problem: "it is no object" });
}
