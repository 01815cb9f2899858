/** What the measurements of the chat have in common. */
import { readFile } from "node:fs/promises";

/** What stands on the screen when the chat is ready. */
export const READY = "Ask, or / for commands";
/** Times that a start is measured. */
export const STARTS = 7;

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Not more than this. */
  readonly bar?: number;
}

/** Seconds of processor time, user and system. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Megabytes: what is resident now, or `VmHWM` for the most that was. */
export async function memoryOf(pid: number, field = "VmRSS"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1000;
}

/** The value below which a share of all lies, in per cent. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? Number.NaN;
}
