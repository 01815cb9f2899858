/** The history of sent messages per project: lines of JSON in a file that is only appended to. */
import { isOrchError, type Json, parseJson } from "@orch/core";

/** Entries that are kept; the oldest go first. */
const MAX_ENTRIES = 1000;

/** Adds an entry as the newest. An equal older one is dropped, an empty one is not added. */
export function remember(entries: readonly string[], text: string): readonly string[] {
  if (text.trim() === "") return entries;
  return [...entries.filter((entry) => entry !== text), text].slice(-MAX_ENTRIES);
}

/** The line to append to the history file for an entry. */
export function historyLine(project: string, text: string): string {
  return `${JSON.stringify({ project, text })}\n`;
}

/** Reads one project's entries, oldest first. A line that cannot be read, as after a crash, is passed over. */
export function readHistory(file: string, project: string): readonly string[] {
  const entries = new Set<string>();
  for (const line of file.split("\n")) {
    const entry = line === "" ? undefined : readLine(line);
    if (entry === undefined || entry.project !== project || entry.text.trim() === "") continue;
    // A set keeps the first position of a value, and the newest is wanted.
    entries.delete(entry.text);
    entries.add(entry.text);
  }
  return [...entries].slice(-MAX_ENTRIES);
}

function readLine(line: string): { readonly project: string; readonly text: string } | undefined {
  let value: Json;
  try {
    value = parseJson(line);
  } catch (error) {
    if (isOrchError(error, "ORCH_JSON")) return undefined;
    throw error;
  }
  if (typeof value !== "object" || value === null || !("project" in value) || !("text" in value))
    return undefined;
  const { project, text } = value;
  return typeof project === "string" && typeof text === "string" ? { project, text } : undefined;
}
