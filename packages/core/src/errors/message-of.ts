import { fieldOf } from "../platform/field-of.ts";
import { isOrchError } from "./orch-error.ts";

/** How far a chain of causes is read. */
const DEEPEST = 20;
/** How many of several errors are named. */
const MOST = 3;

/**
 * Why something failed, in one line, whatever was thrown: the first line of what it says, and of the innermost cause
 * where that says more. `fetch failed` alone says nothing. Never throws itself.
 */
export function messageOf(thrown: unknown): string {
  try {
    return reasonOf(thrown);
  } catch {
    return "something that cannot be shown as text";
  }
}

function reasonOf(thrown: unknown): string {
  const said = firstLine(textOf(thrown));
  // A sentence of the engine tells its cause already.
  if (isOrchError(thrown) && thrown.code !== "ORCH_FATAL") return said;
  const inner = innerOf(thrown, DEEPEST);
  if (inner === "" || said.includes(inner)) return said;
  return said === "" ? inner : `${said.replace(/[.:]$/, "")}: ${inner}`;
}

/** What the innermost cause says, or the errors that came together in it. */
function innerOf(thrown: unknown, deepest: number): string {
  if (deepest === 0) return "";
  const cause = fieldOf(thrown, "cause");
  if (cause !== undefined) return innerOf(cause, deepest - 1) || firstLine(textOf(cause));
  const errors = fieldOf(thrown, "errors");
  if (!Array.isArray(errors) || errors.length === 0) return "";
  const more = errors.length > MOST ? `; and ${errors.length - MOST} more` : "";
  return `${errors.slice(0, MOST).map(messageOf).join("; ")}${more}`;
}

/** The words of who threw it; its name where it has none. */
function textOf(thrown: unknown): string {
  const said =
    (isOrchError(thrown) ? fieldOf(thrown, "says") : undefined) ?? fieldOf(thrown, "message") ?? thrown;
  if (!(thrown instanceof Error)) return String(said);
  if (typeof said === "string" && said !== "") return said;
  // What came together in an error without words speaks for it.
  return Array.isArray(fieldOf(thrown, "errors")) ? "" : thrown.name;
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : text.slice(0, end);
}
