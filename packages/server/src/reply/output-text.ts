import type { Json } from "@orch/core";

/** What a run gave, as a text: a text as it is, nothing as nothing, all else as JSON. */
export function outputText(output: Json | undefined): string {
  if (output === undefined || output === null) return "";
  return typeof output === "string" ? output : JSON.stringify(output, undefined, 2);
}
