/** What the chat tells as lines of JSON, without what differs from run to run. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { modelServer } from "../model-server.ts";

/** Where the program of a checkout begins. */
const PROGRAM = "apps/chat/src/cli.ts";

/** Sends one message to the chat of a checkout, without a terminal. The model calls one tool. */
export async function streamJson(checkout: string): Promise<readonly unknown[]> {
  const home = mkdtempSync(join(tmpdir(), "orch-kept-"));
  const project = join(home, "project");
  mkdirSync(project);
  writeFileSync(join(project, "README.md"), "# Fish\n");
  const server = await modelServer(["The ", "fish ", "swam."], 0);
  const providers = { here: { kind: "openai-compatible", baseURL: server.baseURL } };
  writeFileSync(join(project, "orch.config.json"), JSON.stringify({ providers }));
  const flags = ["--conditions=@orch/source", join(checkout, PROGRAM), "--trust", "--orc", "chat"];
  const args = [...flags, "--model", "here/mock", "-p", "which fish?", "--output", "stream-json"];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: project,
      env: { PATH: process.env["PATH"] ?? "", HOME: home, NO_COLOR: "1" },
    });
    const lines = stdout.trimEnd().split("\n");
    return lines.map((line) => plain(JSON.parse(line)));
  } finally {
    server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Times and ids are told as zero, and as their kind. */
function plain(value: unknown, key = ""): unknown {
  if (typeof value === "number" && /^(time|duration|durationMs|startedAt|endedAt)$/.test(key)) return 0;
  if (typeof value === "string") return value.replaceAll(/\b(run|turn|session)_[0-9A-Z]{26}/g, "$1_id");
  if (Array.isArray(value)) return value.map((one) => plain(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, name)]));
}
