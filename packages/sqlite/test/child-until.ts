import { spawn } from "node:child_process";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { whenStill } from "../../../scripts/when-still.ts";

/** How a child ended, and what it wrote. */
export interface ChildEnd {
  readonly out: string;
  readonly code: number | null;
  readonly isKilled: boolean;
}

/**
 * Runs a program of the tests until `isTime` holds for its output, and kills it then by SIGKILL; until it has started, where
 * that holds for no output at all. Rejects when it fails by itself, or does nothing any more.
 */
export function childUntil(argv: readonly string[], isTime: (out: string) => boolean): Promise<ChildEnd> {
  const child = spawn(process.execPath, ["--conditions=@orch/source", ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: childEnvironment(),
  });
  let out = "";
  let problems = "";
  child.stderr.on("data", (data) => {
    problems += data;
  });
  child.stdout.on("data", (data) => {
    out += data;
    if (isTime(out)) child.kill("SIGKILL");
  });
  if (isTime(out)) child.once("spawn", () => child.kill("SIGKILL"));
  return new Promise((resolve, reject) => {
    const end = whenStill(
      child.pid,
      () => out.length,
      () => {
        reject(new Error(`the child does nothing any more: ${out.slice(-1_000)} ${problems}`));
        child.kill("SIGKILL");
      },
    );
    child.once("error", reject);
    child.once("close", (code, signal) => {
      end();
      const isKilled = signal === "SIGKILL";
      if (!isKilled && code !== 0) reject(new Error(`the child failed: ${problems}`));
      else resolve({ out, code, isKilled });
    });
  });
}

/** Whether an output has more than so many lines. */
export function moreThan(lines: number): (out: string) => boolean {
  return (out) => out.split("\n").length > lines;
}
