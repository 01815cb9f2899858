/** What a user allowed once and for all, and what a call needs of it. */
import { createHash } from "node:crypto";
import type { AskedCall } from "@orch/agents";

/** How far a yes goes: this run, this tool, or this tool with these arguments. Always means in this project. */
export type GrantScope = "run" | "tool" | "arguments";

/** Calls that need no question. */
export interface Grant {
  /** The orchestration whose tool it is: another one's tool of the same name is another tool. */
  readonly orchestration: string;
  readonly tool: string;
  /** The arguments, as they are shown; absent where any will do. */
  readonly arguments?: string;
}

/** The grant that covers a call. */
export function grantOf(orchestration: string, call: AskedCall, scope: GrantScope): Grant {
  const { tool, input } = call;
  return { orchestration, tool, ...(scope === "arguments" && { arguments: canonical(input) }) };
}

/** Whether one of the grants covers the call. */
export function covers(grants: readonly Grant[], orchestration: string, call: AskedCall): boolean {
  return grants.some(
    (grant) =>
      grant.orchestration === orchestration &&
      grant.tool === call.tool &&
      (grant.arguments === undefined || grant.arguments === canonical(call.input)),
  );
}

/** A longer text is kept as its hash. */
const MAX_KEPT = 2_000;

/** One text for one value, whatever the order of its keys. */
function canonical(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
  if (text.length <= MAX_KEPT) return text;
  return `sha256:${createHash("sha256").update(text).digest("hex")} (${text.length} characters)`;
}
