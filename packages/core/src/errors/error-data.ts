import { fieldOf } from "../platform/field-of.ts";
import type { EventError } from "../words/events.ts";
import { messageOf } from "./message-of.ts";

/** An error, or whatever else was thrown, as plain data. */
export function errorData(thrown: unknown): EventError {
  const name = thrown instanceof Error ? thrown.name : "Error";
  const code = fieldOf(thrown, "code");
  return { name, message: messageOf(thrown), ...(typeof code === "string" ? { code } : {}) };
}
