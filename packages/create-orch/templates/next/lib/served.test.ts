import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptedModel } from "@orch/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeServer } from "./served.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "served-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// A route is a function from a Request to a Response, so a test needs neither a port nor Next.js.
const say = (text: string): Request =>
  new Request("http://localhost/ai-sdk/chat", {
    method: "POST",
    body: JSON.stringify({
      id: "first",
      messages: [{ id: "m1", role: "user", parts: [{ type: "text", text }] }],
    }),
  });

it("answers a message with the states of its run, and asks before it writes", async () => {
  const model = scriptedModel(["In early spring.", "Not while birds nest."]);
  const server = makeServer({ model, root: folder, file: join(folder, "runs.db") });
  const text = await (await server.fetch(say("When are the roses cut?"))).text();
  expect(text).toContain('"state":"plan"');
  expect(text).toContain("Write a report from 2 findings?");

  // A page that is loaded again finds the conversation.
  const kept = await (await server.fetch(new Request("http://localhost/ai-sdk/chat/first"))).text();
  expect(kept).toContain("When are the roses cut?");
  await server.park();
});
