import type { EventError } from "@orch/core";

/** The first line of any thrown value. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const end = text.indexOf("\n");
  return end === -1 ? text : text.slice(0, end);
}

/** A thrown value as plain data, for an event. */
export function eventError(thrown: unknown): EventError {
  const name = thrown instanceof Error ? thrown.name : "Error";
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;
  return { name, message: messageOf(thrown), ...(typeof code === "string" ? { code } : {}) };
}
