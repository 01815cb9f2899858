import type { AdvancerVerdict } from "../words/events.ts";
import { OrchError } from "./orch-error.ts";

/** The state that could not be left, and what each of its advancers said. */
export interface NoAdvanceFacts {
  readonly orchestration: string;
  readonly runnable: string;
  readonly path: string;
  readonly tried: readonly AdvancerVerdict[];
  /** The output's shape, like `{ ok: boolean, queries: array(0) }`. */
  readonly output: string;
}

/** A runnable completed, and no advancer took its output. */
export class NoAdvanceError extends OrchError<"ORCH_NO_ADVANCE", NoAdvanceFacts> {
  constructor(facts: NoAdvanceFacts) {
    const tried =
      facts.tried.map((one) => (one.label ? `${one.to} (${one.label})` : one.to)).join(", ") || "none";
    super("ORCH_NO_ADVANCE", facts, {
      says: `Unable to advance to next state: "${facts.runnable}" completed in "${facts.orchestration}", but no advancer took its output ${facts.output} (tried: ${tried}).`,
      fix: `Give one of them a "when" that holds, add an advancer without "when" as the last one, or finish at "${facts.runnable}".`,
    });
  }
}

/** The shape of a value in a few words: types and sizes, never contents. */
export function shapeOf(value: unknown): string {
  if (typeof value === "string") return `string(${value.length})`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return brief(value);
  const entries = Object.entries(value);
  const shown = entries.slice(0, 8).map(([key, item]) => `${key}: ${brief(item)}`);
  if (entries.length > 8) shown.push(`and ${entries.length - 8} more`);
  return `{ ${shown.join(", ")} }`;
}

function brief(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? `array(${value.length})` : typeof value;
}
