import { parseJson } from "@orch/core";

/** A text as JSON; `undefined` when it is none. */
export function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}
