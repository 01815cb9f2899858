/** The one object that `--output json` prints. */
import { type AssistantMessage, textOf, type Usage } from "@orch/agents";
import type { Json } from "@orch/core";
import { type SafeText, safe, safeJson } from "../terminal/safe-text.ts";

/** The result of a headless run. Fields are only added. `v` changes when a field changes its meaning. */
export interface HeadlessResult {
  readonly v: 1;
  readonly status: "completed" | "failed" | "cancelled";
  /** Absent when nothing was kept. */
  readonly session?: string;
  readonly orchestration?: string;
  /** As `provider/model`. */
  readonly model?: string;
  /** The orchestration's typed output; `{ text }` where it is only text. */
  readonly output?: unknown;
  readonly text?: string;
  readonly usage?: Usage;
  /** In US dollars; absent when a price is unknown. */
  readonly cost?: number;
  /** In milliseconds. */
  readonly durationMs?: number;
  readonly runId?: string;
  readonly warnings: readonly string[];
  readonly error?: { readonly code: string; readonly message: string; readonly exit: number };
}

/** The typed output of a reply. */
export function outputOf(message: AssistantMessage, value: unknown): unknown {
  return value === undefined || typeof value === "string" ? { text: textOf(message) } : value;
}

/** One line of JSON. What JSON cannot carry becomes a text that says so; what a terminal would obey is escaped. */
export function jsonLine(value: object): SafeText {
  try {
    return safe`${safeJson(value)}\n`;
  } catch {
    const { type = "unknown" } = value as { readonly type?: Json };
    return safe`${safeJson({ v: 1, type, unprintable: true })}\n`;
  }
}
