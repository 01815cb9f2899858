/** Files that a message names, from the keyboard to the model. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { slowConfig } from "./support/slow-model.ts";

/** A model that keeps what it was sent. */
async function listener(): Promise<{ readonly url: string; readonly bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    bodies.push(body);
    const event = {
      id: "1",
      model: "m",
      choices: [{ index: 0, delta: { content: `answer ${bodies.length}` }, finish_reason: "stop" }],
    };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, bodies };
}

it("T19: @file gives the model the content of the file, says so, and keeps the message as it was typed", async () => {
  const { url, bodies } = await listener();
  await using cli = await buildCli();
  await using box = await sandbox(cli.file, {
    ...slowConfig(url, { models: { "slow/m": { contextWindow: 4_000 } } }),
    "long.txt": "oil and lamp ".repeat(900),
    "src/lamp.ts": "export const oil = 'every evening';\n",
    ".env": "KEY=hidden-in-env\n",
  });
  const args = ["--trust", "--orc", "chat", "--model", "slow/m"];
  await using app = box.start(args, { columns: 60 });
  await app.until("Ask, or / for commands");
  app.type("what burns in @lam");
  await app.until("src/lamp.ts");
  app.type("\t");
  await app.until("@src/lamp.ts");
  app.type("and @.env?\r");
  await app.until("answer 1");
  expect(app.scrollback()).toContain("attached src/lamp.ts (36 bytes)");
  expect(app.unbroken().replace(/\s+/g, " ")).toMatch(/not attached: .*\.env/);
  expect(bodies[0]).toContain("every evening");
  expect(bodies[0]).not.toContain("hidden-in-env");
  app.type("and now?\r");
  await app.until("answer 2");
  expect(app.unbroken()).not.toContain("This conversation is long");
  app.type("and in @long.txt ?\r");
  await app.until("answer 3");
  expect(app.unbroken().replace(/\s+/g, " ")).toContain(
    "This conversation is long: the last message is sent from here on. All of it is kept",
  );
  expect(bodies[2]).not.toContain("every evening");
  app.type("\u0004");
  await app.ended;
  {
    await using again = box.start([...args, "-c"], { columns: 60 });
    await again.until("answer 3");
    expect(again.scrollback()).toContain("what burns in @src/lamp.ts");
    expect(again.scrollback()).not.toContain("every evening");
    again.type("\u0004");
    await again.ended;
  }
  const { stderr } = await box.run([...args, "-p", "once more @src/lamp.ts"]);
  expect(stderr).toContain("attached src/lamp.ts (36 bytes)");
  expect(bodies.at(-1)).toContain("every evening");
});
