/** A message that got no answer, in the real program on a pseudo-terminal, seen from the server. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ASKING } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { slowConfig } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const ARGS = ["--trust", "--orc", "chat", "--model", "slow/mock"];
const APART = "/retry tries it again, /undo drops it";
const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");

interface Asked extends AsyncDisposable {
  readonly url: string;
  /** What the user said, of each request. */
  readonly users: string[][];
}

/** Answers "hello", and refuses what is sent with a message that begins with "fail" while `ill` says so. */
async function server(ill: () => boolean): Promise<Asked> {
  const users: string[][] = [];
  const http = createServer(async (request, response) => {
    let raw = "";
    for await (const chunk of request) raw += chunk;
    const { messages } = JSON.parse(raw) as { messages: { role: string; content: unknown }[] };
    const said = messages.flatMap(({ role, content }) => (role === "user" ? [textIn(content)] : []));
    users.push(said);
    if (ill() && said.some((text) => text.startsWith("fail"))) {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "server is ill" } }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const piece = (delta: object, finish: string | null): string =>
      `data: ${JSON.stringify({ id: "1", model: "mock", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    response.end(`${piece({ content: "hello" }, null)}${piece({}, "stop")}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    users,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  return (content as { text?: string }[]).map(({ text = "" }) => text).join("");
}

test("T06: a failed message is never sent with the next one, /retry tries it again, /undo drops it", async () => {
  let ill = true;
  await using model = await server(() => ill);
  await using box = await sandbox(cli.file, slowConfig(model.url));
  await using app = box.start(ARGS);
  await app.until("Ask, or / for commands");
  app.type("fail500\r");
  await app.until((it) => it.count(APART) === 1 && idle(it));
  app.type("hello after\r");
  await app.until((it) => it.count("\nhello\n") === 1 && idle(it));
  expect(model.users).toEqual([["fail500"], ["hello after"]]);

  app.type("fail again\r");
  await app.until((it) => it.count(APART) === 2 && idle(it));
  ill = false;
  app.type("/retry\r");
  await app.until((it) => it.count("\nhello\n") === 2 && idle(it));
  expect(model.users.at(-1)).toEqual(["hello after", "fail again"]);

  ill = true;
  app.type("fail for good\r");
  await app.until((it) => it.count(APART) === 3 && idle(it));
  app.type("/undo\r");
  await app.until("Dropped: the conversation goes on without it.");
  app.type("/retry\r");
  await app.until("Every message here has its answer.");
  app.type("/quit\r");
  await app.ended;
  ill = false;
  await using next = box.start([...ARGS, "-c"]);
  await next.until("Going on with: fail500");
  await next.until(idle);
  expect(next.scrollback()).toContain("fail again");
  expect(next.scrollback()).not.toContain("fail for good");
  next.type("last\r");
  await next.until((it) => it.count("\nhello\n") === 3 && idle(it));
  expect(model.users.at(-1)).toEqual(["hello after", "fail again", "last"]);
});

test("T06: what is tried again or forked goes on with the orchestration that it was begun with, whatever answers now", async () => {
  await using box = await sandbox(cli.file, ASKING);
  {
    await using app = box.start(["--trust", "--orc", "lamp"]);
    await app.until("Ask, or / for commands");
    app.type("the fog\r");
    await app.until("Type an answer");
    app.type("\u0003");
    await app.until((it) => it.count(APART) === 1);
    app.type("\u0004");
    await app.ended;
  }
  await using app = box.start(["--trust", "-c"]);
  await app.until((it) => it.count("lamp answers from now on") === 1 && it.count(APART) === 1 && idle(it));
  app.type("/orc research\r");
  await app.until("research with local/extractive");
  app.type("/retry\r");
  await app.until(
    (it) => it.count("lamp answers from now on") === 2 && it.screen().includes("Type an answer"),
  );
  app.type("yes\r");
  await app.until((it) => it.count("It burns.") > 0 && idle(it));
  app.type("/orc research\r");
  await app.until((it) => it.count("research with local/extractive") === 2);
  app.type("\u0007");
  await app.until((it) => it.screen().startsWith(" lamp ● done"));
  app.type("\u001b[Hf");
  await app.until("forked: approve#1 runs again");
  await app.until(
    (it) => it.count("lamp answers from now on") === 3 && it.screen().includes("Type an answer"),
  );
  app.type("no\r");
  await app.until((it) => it.scrollback().includes("It stays dark.") && idle(it));
  app.type("/orc research\r");
  await app.until((it) => it.count("research with local/extractive") === 3);
  app.type("/retry approve\r");
  await app.until(
    (it) => it.count("lamp answers from now on") === 4 && it.screen().includes("Type an answer"),
  );
});
