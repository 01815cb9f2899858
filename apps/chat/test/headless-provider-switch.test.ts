import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Workplace, workplace } from "./headless-orch.ts";

/** A server that nobody here wrote: it speaks the wire formats of both providers. */
const mock = new LLMock({ port: 0, logLevel: "silent" });
let place: Workplace;
beforeEach(async () => {
  place = await workplace();
  await mock.start();
  const folder = join(place.home, ".config/orch");
  await mkdir(folder, { recursive: true });
  const providers = { openai: { baseURL: `${mock.url}/v1` }, anthropic: { baseURL: mock.url } };
  await writeFile(join(folder, "config.json"), JSON.stringify({ providers, orchestration: "chat" }));
  place.env["OPENAI_API_KEY"] = "test";
  place.env["ANTHROPIC_API_KEY"] = "test";
});
afterEach(async () => {
  await mock.stop();
  await place.remove();
});

it("goes on with a conversation on another provider after one line of the configuration changed", async () => {
  mock.onMessage("My name is Ada.", { content: "Nice to meet you, Ada." });
  mock.onMessage("What is my name?", { content: "Your name is Ada." });

  await place.write("orch.config.json", '{\n  "model": "openai/gpt-5.4-mini"\n}\n');
  const first = await place.run(["-p", "My name is Ada.", "--output", "json"]);
  expect(first.stderr).toBe("");
  expect(JSON.parse(first.stdout)).toMatchObject({
    model: "openai/gpt-5.4-mini",
    text: "Nice to meet you, Ada.",
  });

  await place.write("orch.config.json", '{\n  "model": "anthropic/claude-sonnet-5-5"\n}\n');
  const second = await place.run(["-c", "-p", "What is my name?", "--output", "json"]);
  expect(second.stderr).toBe("");
  expect(JSON.parse(second.stdout)).toMatchObject({
    model: "anthropic/claude-sonnet-5-5",
    text: "Your name is Ada.",
    session: (JSON.parse(first.stdout) as { session: string }).session,
  });

  const requests = mock.getRequests();
  expect(requests.map(({ path }) => path)).toEqual(["/v1/responses", "/v1/messages"]);
  const body = JSON.stringify(requests[1]?.body);
  for (const said of ["My name is Ada.", "Nice to meet you, Ada.", "What is my name?"])
    expect(body).toContain(said);
});

it("says what the provider said when it refuses, and falls back to nothing", async () => {
  mock.onMessage("hello", { error: { message: "bad key", type: "auth" }, status: 401 });
  const { code, stdout, stderr } = await place.run(["-p", "hello there", "--model", "openai/gpt-5.4-mini"]);
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  expect(stderr).not.toContain("extractive");
});
