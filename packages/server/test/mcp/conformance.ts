/** Runs the conformance suite of MCP against a server, and reads what it found. */
import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the suite found in one scenario. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly passed: number;
  /** The ids of the checks that failed, with what the suite says of each. */
  readonly failed: readonly { readonly id: string; readonly says: string }[];
}

interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly errorMessage?: string;
}

/** Runs one version of the suite; `flags` choose the scenarios. */
export async function conformance(
  suite: "@modelcontextprotocol/conformance" | "mcp-conformance-next",
  url: string,
  flags: readonly string[],
): Promise<readonly ScenarioResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "orch-mcp-suite-"));
  const program = fileURLToPath(new URL(`../../node_modules/${suite}/dist/index.js`, import.meta.url));
  // What it could not run at all would be missing in the results, so its exit says nothing more.
  const args = [program, "server", "--url", url, "-o", folder, ...flags];
  try {
    await new Promise<void>((ended) =>
      execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, () => ended()),
    );
    const files = globSync("**/checks.json", { cwd: folder }).sort();
    return files.map((file) =>
      resultOf(file, JSON.parse(readFileSync(join(folder, file), "utf8")) as Check[]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf(file: string, checks: readonly Check[]): ScenarioResult {
  const scenario = /server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(file)?.[1] ?? file;
  const failed = checks.filter(({ status }) => status === "FAILURE");
  return {
    scenario,
    passed: checks.filter(({ status }) => status === "SUCCESS").length,
    failed: failed.map(({ id, errorMessage = "" }) => ({ id, says: errorMessage })),
  };
}
