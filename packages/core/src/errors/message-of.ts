import { fieldOf } from "../platform/field-of.ts";

/** The first line of what was thrown, whatever it was; its name where it says nothing. Never throws itself. */
export function messageOf(thrown: unknown): string {
  try {
    const text = textOf(thrown);
    const end = text.indexOf("\n");
    return end === -1 ? text : text.slice(0, end);
  } catch {
    return "something that cannot be shown as text";
  }
}

function textOf(thrown: unknown): string {
  const said = fieldOf(thrown, "message") ?? thrown;
  if (thrown instanceof Error) return typeof said === "string" && said !== "" ? said : thrown.name;
  return String(said);
}
