import { messageOf } from "@orch/core/doors";
import type { Endpoint } from "./sdk.ts";

/** A line that the SDK of Restate writes about a worker: an attempt that is tried again, a request that it refuses. */
export interface WorkerLine {
  readonly level: "warn" | "error";
  readonly text: string;
  /** The run that it is about. */
  readonly runId?: string;
}

/** Takes the lines of a worker. */
export type WorkerLog = (line: WorkerLine) => void;

/** A logger for the SDK. What it says of every call, and what runs in a test of it, is left out. */
export function loggerOf(log: WorkerLog): Parameters<Endpoint["setLogger"]>[0] {
  return ({ level, context }, ...parts: readonly unknown[]) => {
    if (level !== "warn" && level !== "error") return;
    const text = parts.map((part) => (part instanceof Error ? messageOf(part) : String(part))).join(" ");
    // It says so at every start; the option identityKeys tells of it.
    if (text.startsWith("Accepting requests without validating")) return;
    log({ level, text, ...(context?.key !== undefined && { runId: context.key }) });
  };
}
