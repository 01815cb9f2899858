import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptedModel } from "@orch/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { served } from "./served.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "served-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// The server is a function from a Request to a Response, so a test needs no port.
const post = (path: string, body: object): Request =>
  new Request(`http://localhost${path}`, { method: "POST", body: JSON.stringify(body) });

/** The events of a run until it asks or ends, as `[type, data]`. */
async function told(fetch: (request: Request) => Promise<Response>, run: string) {
  const text = await (await fetch(new Request(`http://localhost/v1/runs/${run}/events`))).text();
  return (JSON.parse(text) as { events: { type: string; question?: string; output?: string }[] }).events;
}

it("runs, asks, goes on in another process, and reports", async () => {
  const file = join(folder, "runs.db");
  const model = scriptedModel(["In early spring.", "Not while birds nest."]);
  const first = served({ model, root: folder, file });
  const started = await first.server.fetch(post("/v1/runs", { orchestration: "research", input: "Roses?" }));
  const { run } = (await started.json()) as { run: string };
  // The stream of a run ends the wait: it tells everything until the run asks.
  const stream = await first.server.fetch(new Request(`http://localhost/sse/runs/${run}`));
  for await (const part of stream.body!.pipeThrough(new TextDecoderStream()))
    if (part.includes("run.waiting")) break;
  await first.server.park();
  await first.close();

  const second = served({ model: scriptedModel([]), root: folder, file });
  await second.server.resume();
  const asked = (await told(second.server.fetch, run)).find(({ type }) => type === "question.asked");
  const answer = post(`/v1/runs/${run}/answers`, { question: asked?.question, answer: true });
  expect((await second.server.fetch(answer)).status).toBeLessThan(300);
  await (await second.server.fetch(new Request(`http://localhost/sse/runs/${run}`))).text();
  const end = (await told(second.server.fetch, run)).at(-1);
  expect(end).toMatchObject({ type: "run.completed" });
  await second.server.park();
  await second.close();
});
