/** The one object that `--output json` prints. */
import { type AssistantMessage, textOf, type Usage } from "@orch/agents";
import type { Json } from "@orch/core";
import type { OutputFormat } from "../config/args.ts";
import { type SafeText, safe, safeJson, safeText } from "../terminal/safe-text.ts";
import type { Pipe } from "./pipe.ts";
import type { ProviderCall } from "./provider-calls.ts";

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
  /** What providers did by themselves; absent where they did nothing. */
  readonly providerCalls?: readonly ProviderCall[];
  readonly warnings: readonly string[];
  readonly error?: { readonly code: string; readonly message: string; readonly exit: number };
}

/** The typed output of a reply. */
export function outputOf(message: AssistantMessage, value: unknown): unknown {
  return value === undefined || typeof value === "string" ? { text: textOf(message) } : value;
}

/** Writes a result in the format that was asked for. */
export function writeResult(result: HeadlessResult, format: OutputFormat, stdout: Pipe): void {
  const { text = "", output } = result;
  const shown = {
    json: () => jsonLine(result),
    "stream-json": () => jsonLine({ ...result, type: "result" }),
    value: () => jsonLine(output as object),
    text: () => safe`${safeText(text)}\n`,
  } as const;
  stdout.write(shown[format]());
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
