/** A worker as a process, on a platform that does not fit: it ends with a sentence, and nobody waits for it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";

const PROGRAM = join(import.meta.dirname, "support/worker-program.ts");

/** Starts a worker after this code has changed its platform; gives how it ended. */
function workerAfter(code: string): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const preload = `data:text/javascript,${encodeURIComponent(code)}`;
  const argv = ["--conditions=@orch/source", `--import=${preload}`, PROGRAM, ".", "a", "0"];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, { env: childEnvironment() }, (_, __, stderr) =>
      resolve({ code: child.exitCode, stderr }),
    );
  });
}

const OLD_NODE = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } });`;

/** Resolves the SDK to nothing, or to a package without what a worker needs. */
const otherSdk = (to: string): string => `
import { registerHooks } from "node:module";
registerHooks({ resolve: (name, context, next) => next(name === "@restatedev/restate-sdk" ? ${JSON.stringify(to)} : name, context) });`;

it.each([
  ["a Node that the SDK does not know", OLD_NODE, "needs Node 22 or newer; this is 20.19.0"],
  ["no SDK", otherSdk("@restatedev/no-such-sdk"), "npm install @restatedev/restate-sdk"],
  ["an SDK of another kind", otherSdk("node:path"), "does not have what a worker needs"],
])("a worker with %s says so and ends", async (_, code, says) => {
  const ended = await workerAfter(code);

  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toContain("ORCH_RESTATE_PLATFORM");
  expect(ended.stderr).toContain(says);
});
