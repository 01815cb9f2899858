/** Measures in a fresh process. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./figures.ts";

/** How a process is started. */
export interface Apart {
  /** Milliseconds to measure for. */
  readonly budget: number;
  /** Whether our packages are read from their sources; otherwise from what was built. */
  readonly sources: boolean;
}

const LONGEST = 180_000;
const program = fileURLToPath(new URL("measure.ts", import.meta.url));

/** No tracing and no telemetry, for anybody. */
export const quietly: NodeJS.ProcessEnv = {
  ...process.env,
  NODE_ENV: "production",
  NODE_OPTIONS: "",
  DO_NOT_TRACK: "1",
  LANGSMITH_TRACING: "false",
  MASTRA_TELEMETRY_DISABLED: "1",
  OPENAI_AGENTS_DISABLE_TRACING: "1",
};

/** Starts a process for one subject in one case, and gives what it printed last. */
export async function measureApart(
  id: string,
  subject: string,
  { budget, sources }: Apart,
): Promise<Outcome> {
  const flags = ["--expose-gc", ...(sources ? ["--conditions=@orch/source"] : [])];
  const child = spawn(process.execPath, [...flags, program, id, subject, String(budget)], {
    env: quietly,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LONGEST,
  });
  let printed = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  const last = printed.trimEnd().split("\n").at(-1) ?? "";
  if (last.startsWith('{"kind":')) return JSON.parse(last) as Outcome;
  return { kind: "failed", problem: complaints.slice(-2_000) || "It ended without a word." };
}
