/** What an agent inside a state is doing, read from the data of `state.output`. */
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { truncate } from "../terminal/width.ts";

/** Something to show for a state while it works. */
export type AgentNote =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "tool"; readonly label: SafeText }
  | { readonly type: "tool-end" }
  | { readonly type: "retry"; readonly attempt: number; readonly delay: number; readonly reason: SafeText };

/** Cells of a tool's arguments. */
const MAX_ARGUMENTS = 40;

/** Reads a note; `undefined` for data that is not an agent's or has nothing to show. */
export function agentNote(data: unknown): AgentNote | undefined {
  if (typeof data === "string") return { type: "text", delta: data };
  const type = field(data, "type");
  switch (type) {
    case "agent.model": {
      const event = field(data, "event");
      const delta = field(event, "delta");
      return field(event, "type") === "text" && typeof delta === "string"
        ? { type: "text", delta }
        : undefined;
    }
    case "tool.started":
      return { type: "tool", label: toolLabel(field(data, "name"), field(data, "input")) };
    case "tool.completed":
      return { type: "tool-end" };
    case "agent.retrying": {
      const attempt = field(data, "attempt");
      const delay = field(data, "delay");
      const reason = field(field(data, "failure"), "kind");
      if (typeof attempt !== "number" || typeof delay !== "number") return undefined;
      return {
        type: "retry",
        attempt,
        delay,
        reason: safeText(typeof reason === "string" ? reason : "failure"),
      };
    }
    default:
      return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function toolLabel(name: unknown, input: unknown): SafeText {
  const first = typeof input === "object" && input !== null ? Object.values(input)[0] : input;
  const shown =
    typeof first === "string" ? `“${first.slice(0, 200)}”` : typeof first === "number" ? String(first) : "";
  const label = safeText(typeof name === "string" ? name : "tool");
  const line = safeText(safeText(shown).replaceAll("\n", " "));
  return safe`tool ${truncate(label, MAX_ARGUMENTS)}(${truncate(line, MAX_ARGUMENTS)})`;
}
