import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectCommand } from "../commands/connect.ts";
import type { DeskQuestion } from "../commands/desk-question.ts";
import { systemDoors } from "../process/doors.ts";
import { NO_KEYS } from "../process/early-keys.ts";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { openSetup } from "./compose.ts";
import { userSettings } from "./user-settings.ts";

const KEY = "good-key-123456";

/** A server that wants the key, and repeats one that it refuses. */
async function server(): Promise<{ readonly url: string; readonly heard: string[] }> {
  const heard: string[] = [];
  const http = createServer((request, response) => {
    const { authorization = "" } = request.headers;
    heard.push(authorization);
    const good = authorization === `Bearer ${KEY}`;
    response.writeHead(good ? 200 : 401, { "content-type": good ? "text/event-stream" : "application/json" });
    const chunk = { choices: [{ index: 0, delta: { content: "OK" }, finish_reason: "stop" }] };
    const refusal = { error: { message: `bad key ${authorization.slice(7)}` } };
    response.end(good ? `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n` : JSON.stringify(refusal));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`, heard };
}

/** The number of the last choice: a server of one's own. */
const OWN = "the last number";

/** Runs `/connect` with answers; `undefined` leaves. */
async function connect(argument: string, answers: readonly (string | undefined)[], keeps = true) {
  const root = await mkdtemp(join(tmpdir(), "orch-connect-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "work"));
  const doors = { ...systemDoors(NO_KEYS), env: {}, cwd: join(root, "work"), home: root };
  const setup = await openSetup({ output: "text", continue: false, trust: false, session: keeps }, doors);
  const asked: DeskQuestion[] = [];
  const rows: string[] = [];
  const changed: unknown[] = [];
  const left = [...answers];
  const command = connectCommand({
    settings: userSettings(setup, doors, keeps),
    models: [],
    orchestration: "research",
    print: (entry) => void rows.push(...entry({ width: 200, theme: createTheme() }).map(plainText)),
    change: async (names) => void changed.push(names),
    ask: async (question) => {
      asked.push(question);
      if (left.length === 0) throw new Error(`nobody answers: ${question.text}`);
      const answer = left.shift();
      return answer === OWN ? String(question.choices?.length) : answer;
    },
  });
  await command.run(argument);
  const file = join(root, ".config/orch/saved.json");
  const saved = await readFile(file, "utf8").then(JSON.parse, () => undefined);
  return { setup, asked, screen: rows.join("\n"), changed, saved, file, isAllAsked: left.length === 0 };
}

test("T19: /connect sets up a server by questions, and calls it before anything is kept", async () => {
  const { url, heard } = await server();
  const own = ["zzz", "House", "house", "not an address", "http://example.com/v1", url];
  const { setup, asked, screen, changed, saved, file, isAllAsked } = await connect("", [
    ...["nonsense", OWN],
    ...own.slice(1),
    ...["two words", "house/llama"],
    // A key in the place of a choice is neither shown nor taken for one, and no other word counts as a no.
    ...["short", "wrong-key-654321", KEY, "1", KEY, "perhaps", ""],
  ]);
  expect(isAllAsked).toBe(true);
  expect(heard).toEqual(["Bearer wrong-key-654321", `Bearer ${KEY}`]);
  expect(screen).toContain("The key was refused: house answered 401: bad key [redacted]");
  expect(screen).toContain("house/llama answers.");
  expect(saved).toEqual({
    providers: { house: { kind: "openai-compatible", baseURL: url, apiKey: KEY } },
    models: { "house/llama": {} },
    model: "house/llama",
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  // Nobody chose `research`: it is what answers without a model.
  expect(changed).toEqual([{ model: "house/llama", orchestration: "chat" }]);
  // The key is asked for hidden, and stands nowhere on the screen.
  expect(asked.filter(({ hidden }) => hidden).length).toBe(5);
  expect(asked.find(({ hidden }) => hidden)?.text).toContain(
    `which is sent to ${new URL(url).origin} alone.`,
  );
  expect(screen + asked.map(({ text }) => text).join("\n")).not.toMatch(/good-key|wrong-key/);
  // It answers at once, and /config explain does not show the key.
  expect((await setup.compose({ orchestration: "chat", model: "house/llama" })).model.id.model).toBe("llama");
});

test("T19: /connect keeps nothing when the user leaves, whatever was asked until then", async () => {
  const { url } = await server();
  for (const answers of [
    [undefined],
    ["house", undefined],
    ["house", url, "llama", undefined],
    ["house", url, "llama", KEY.slice(1), undefined],
  ]) {
    const from = answers[0] === undefined ? answers : [OWN, ...answers];
    const { saved, screen, changed } = await connect("", from);
    expect(saved).toBeUndefined();
    expect(changed).toEqual([]);
    expect(screen).toContain("Nothing was kept.");
  }
});

test("T19: /connect names a variable in place of a key, says that it is not set, and keeps it all the same", async () => {
  const { saved, screen, changed } = await connect("groq", ["llama-x", "$MY_KEY", "3", "no"]);
  expect(screen).toContain("MY_KEY");
  expect(saved).toEqual({ providers: { groq: { apiKeyEnv: "MY_KEY" } }, models: { "groq/llama-x": {} } });
  expect(changed).toEqual([]);
});

test("T19: /connect asks for the address of a provider that each customer has at another one", async () => {
  const { url, heard } = await server();
  const { saved } = await connect("azure", ["", url, "gpt-x", KEY, "no"]);
  expect(heard).toEqual([`Bearer ${KEY}`]);
  expect(saved).toEqual({
    providers: { azure: { kind: "openai-compatible", baseURL: url, apiKey: KEY } },
    models: { "azure/gpt-x": {} },
  });
});

test("T19: with --no-session /connect holds until the chat ends", async () => {
  const { url } = await server();
  const { saved, screen, setup } = await connect("", [OWN, "house", url, "llama", KEY, "n"], false);
  expect(saved).toBeUndefined();
  expect(screen).toContain("--no-session keeps nothing");
  expect((await setup.compose({ orchestration: "chat", model: "house/llama" })).model.id.model).toBe("llama");
});
