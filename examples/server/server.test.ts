/** Each mount starts a run and reads it: Node as a process of its own, the others as their runtimes call them. */
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { childEnvironment } from "../../scripts/child-environment.ts";
import { app } from "./hono.ts";
import { GET, POST } from "./next-route.ts";
import workers from "./workers.ts";

type Fetch = (request: Request) => Promise<Response> | Response;

/** Starts a run through a mount, and gives the texts that its stream tells. */
async function written(fetch: Fetch, url: string): Promise<string> {
  const body = JSON.stringify({ orchestration: "article", input: "tides" });
  const started = await fetch(new Request(`${url}/v1/runs`, { method: "POST", body }));
  const { run } = (await started.json()) as { readonly run: string };
  const stream = await (await fetch(new Request(`${url}/sse/runs/${run}`))).text();
  return [...stream.matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text).join("");
}

const mounts: readonly (readonly [string, Fetch])[] = [
  ["Hono", (request) => app.fetch(request)],
  ["Next.js", (request) => (request.method === "GET" ? GET(request) : POST(request))],
  ["Workers", workers.fetch],
];

test.each(mounts)("%s mounts it in three lines", async (_, fetch) => {
  expect(await written(fetch, "http://localhost")).toBe("All about tides");
});

test("Node mounts it, and Ctrl-C ends it", async () => {
  const argv = ["--conditions=@orch/source", join(import.meta.dirname, "node.ts")];
  const child = spawn(process.execPath, argv, {
    env: childEnvironment({}),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let out = "";
  const url = await new Promise<string>((resolve) => {
    child.stdout.on("data", (data) => {
      out += String(data);
      const told = /listens on (\S+)\n/.exec(out)?.[1];
      if (told !== undefined) resolve(told);
    });
  });
  expect(await written(fetch, url)).toBe("All about tides");
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});

test("a client of OpenAI reads, is asked, and answers by its next message", async () => {
  const argv = ["--conditions=@orch/source", join(import.meta.dirname, "openai.ts")];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: childEnvironment({}) });
  expect(stdout).toMatch(
    /^> tides\nPublish what I know of tides\?\n\n\[question [\w-]+\]\n> yes\nPublished: the moon pulls\.\n$/,
  );
});

test("a client of MCP calls, chooses a prompt, reads, and watches a run", async () => {
  const argv = ["--conditions=@orch/source", join(import.meta.dirname, "mcp.ts")];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: childEnvironment({}) });
  expect(stdout).toMatch(/^tool: .*The moon pulls the sea.*\nprompt: .*Write a letter to ada/);
  expect(stdout).toMatch(/Notes on tides[\s\S]*the run that was watched is done\n$/);
});
