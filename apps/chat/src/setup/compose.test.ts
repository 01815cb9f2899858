import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate, userMessage } from "@orch/agents";
import { costOf } from "@orch/agents/cost";
import { ChatRuntime } from "@orch/chat-runtime";
import { expect, it, onTestFinished } from "vitest";
import type { Flags } from "../config/args.ts";
import { systemDoors } from "../process/doors.ts";
import { NO_KEYS } from "../process/early-keys.ts";
import { openSetup } from "./compose.ts";

const flags: Flags = { output: "text", continue: false, trust: false, session: false };

/** A folder, and a home with a configuration. */
async function setupWith(config: object) {
  const root = await mkdtemp(join(tmpdir(), "orch-compose-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "home/.config/orch"), { recursive: true });
  await writeFile(join(root, "home/.config/orch/config.json"), JSON.stringify(config));
  await mkdir(join(root, "work"));
  const doors = { ...systemDoors(NO_KEYS), env: {}, cwd: join(root, "work"), home: join(root, "home") };
  return openSetup(flags, doors);
}

/** A server that speaks Chat Completions, or refuses with `status`. */
async function server(status = 200, models: string[] = []): Promise<string> {
  const chunk = { choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: "stop" }] };
  const usage = { choices: [], usage: { prompt_tokens: 1_000_000, completion_tokens: 0 } };
  const body = [chunk, usage].map((one) => `data: ${JSON.stringify(one)}\n\n`).join("");
  let calls = 0;
  const http = createServer(async (request, response) => {
    calls++;
    let asked = "";
    for await (const chunk of request) asked += chunk;
    models.push((JSON.parse(asked) as { readonly model: string }).model);
    response.writeHead(status, { "content-type": status === 200 ? "text/event-stream" : "application/json" });
    response.end(status === 200 ? `${body}data: [DONE]\n\n` : `{"error":{"message":"busy, call ${calls}"}}`);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
}

const house = (baseURL: string, more: object = {}) => ({
  house: { kind: "openai-compatible", baseURL, models: { small: "llama" }, ...more },
});
const hello = () => ({ messages: [userMessage("hi")], signal: new AbortController().signal });

it("gives a model what the user's catalogue knows of it, also under an alias", async () => {
  const setup = await setupWith({
    model: "house/small",
    providers: house(await server()),
    models: { "house/llama": { contextWindow: 8_000 }, "house/small": { price: { input: 3, output: 9 } } },
  });
  expect(setup.notices).toEqual([]);
  const { model } = await setup.compose(setup.choice);
  expect(model.caps).toMatchObject({ contextWindow: 8_000, price: { input: 3, output: 9 } });
  const { usage } = await generate(model, hello());
  expect(costOf(usage, model.caps.price)).toBe(3);
});

it("counts attached files towards what is sent, and says how much of a long conversation is", async () => {
  const setup = await setupWith({
    model: "house/small",
    orchestration: "chat",
    providers: house(await server()),
    models: { "house/llama": { contextWindow: 4_000 } },
  });
  await writeFile(join(setup.folder, "long.txt"), "oil and lamp ".repeat(900));
  const sent: number[] = [];
  const { configuration, tokensSent } = await setup.compose(setup.choice, {
    shortened: (messages) => sent.push(messages),
    warned: () => undefined,
  });
  expect(tokensSent).toBe(2_800);
  const runtime = new ChatRuntime(configuration);
  await runtime.send("Who fills the lamp?").reply;
  expect(sent).toEqual([]);
  await runtime.send("And what is in @long.txt?").reply;
  expect(sent).toEqual([1]);
  await runtime.close();
});

it("T19: gives a state the model that is chosen for it, by the configuration or for now", async () => {
  const providers = house(await server(), { models: { small: "llama", large: "giant" } });
  const states = { chat: { model: "house/large" } };
  const setup = await setupWith({
    model: "house/small",
    orchestration: "chat",
    providers,
    orchestrations: { chat: { states } },
  });
  const modelIn = async (path: string, chosen?: { readonly [state: string]: string }) => {
    const { model } = await setup.compose({ ...setup.choice, ...(chosen && { states: chosen }) });
    return model.inState?.(path)?.id.model;
  };
  expect(await modelIn("chat/chat#1")).toBe("giant");
  expect(await modelIn("chat/other#1")).toBeUndefined();
  expect(await modelIn("chat/chat#1", {})).toBeUndefined();
  expect(await modelIn("chat/chat#1", { chat: "house/llama" })).toBe("llama");
  await expect(modelIn("chat/chat#1", { chat: "nobody/x" })).rejects.toThrow("nobody");
});

it("T19: a run calls the model of the state that is at work", async () => {
  const models: string[] = [];
  const providers = house(await server(200, models), { models: { small: "llama", large: "giant" } });
  const setup = await setupWith({ model: "house/small", orchestration: "chat", providers });
  for (const states of [{}, { chat: "house/large" }]) {
    const { configuration } = await setup.compose({ ...setup.choice, states });
    const runtime = new ChatRuntime(configuration);
    await runtime.send("hi").reply;
    await runtime.close();
  }
  expect(models).toEqual(["llama", "giant"]);
});

it("knows no price that nobody told, and keeps to the attempts that are set", async () => {
  const providers = house(await server(503), { attempts: 1 });
  const setup = await setupWith({ model: "house/small", providers });
  expect(setup.notices).toEqual([]);
  const { model } = await setup.compose(setup.choice);
  expect(model.caps.price).toBeUndefined();
  expect((await generate(model, hello())).message.finish.error?.message).toContain("busy, call 1");
});

it("T03: says so when it starts in the home folder or above it", async () => {
  const { folder } = await setupWith({});
  const home = join(folder, "../home");
  const noticesIn = async (cwd: string) =>
    (await openSetup(flags, { ...systemDoors(NO_KEYS), env: {}, cwd, home })).notices;
  for (const at of [home, join(home, "..")])
    expect(await noticesIn(at)).toEqual([
      expect.stringMatching(/^This is your home folder, or one above it: /),
    ]);
  expect(await noticesIn(join(home, ".config"))).toEqual([]);
  expect(await noticesIn(folder)).toEqual([]);
});
