/** What an MCP server wants to know in the middle of a call, as the user of the chat is asked it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { bookingServer } from "../../../packages/agents/test/cases/booking-server.ts";
import { buildCli } from "./support/built-cli.ts";
import { caller, config } from "./support/calling-model.ts";
import { sandbox } from "./support/sandbox.ts";

/** Serves the tool `book`, which asks for a city; gives its address, and what each call was answered until then. */
async function booking(): Promise<{ readonly url: string; readonly calls: readonly unknown[] }> {
  const calls: unknown[] = [];
  const http = createServer(bookingServer((answer) => calls.push(answer)));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, calls };
}

test("A22: what a server wants to know is a question with its form, and is there again after the chat was killed", async () => {
  const { url, calls } = await booking();
  const model = await caller("travel__book", {});
  const cli = await buildCli();
  await using box = await sandbox(cli.file, config(model.url, { travel: { url, approve: false } }));
  {
    await using app = box.start(["--trust"], { asProcess: true });
    await app.until("Ask, or / for commands");
    app.type("book a trip\r");
    await app.until(/content\.city +\(needed for accept\)/);
    expect(app.screen()).not.toContain("(optional)");
    app.signal("SIGKILL");
    await app.ended;
  }
  expect(calls).toEqual([undefined]);
  await using app = box.start(["--trust", "-c"]);
  await app.until("1 question open. Enter goes on");
  app.type("\r");
  await app.until("Where do you want to go?");
  await app.until("1-9 choose");
  app.type("1\r");
  await app.until((it) => /› content\.city/.test(it.screen()));
  app.type("Rome\r");
  await app.until('It says {"action":"accept","content":{"city":"Rome"}}.');
  expect(calls).toEqual([undefined, undefined, { action: "accept", content: { city: "Rome" } }]);
});
