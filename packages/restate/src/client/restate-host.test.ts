import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, circuit, each, items, orchestration, question, runnable } from "@orch/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { restateHost } from "./restate-host.ts";

const ask = question("ask", { ask: "Sure?", answer: z.string() });
const flow = orchestration("flow", (o) => o.start(ask).finish(ask));

it("says that nothing answers at the address of the server, and starts nothing", async () => {
  const host = restateHost({ ingress: "http://127.0.0.1:1" });
  await expect(flow.run("x", { host })).rejects.toMatchObject({
    code: "ORCH_RESTATE_UNREACHABLE",
    facts: {
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/orch-inbox\/run.*\/start$/),
      problem: expect.any(String),
    },
  });
});

it.each([
  ["yes", 470, "nothing has to be sent again", false],
  ["no", 404, "it can be sent again", true],
  ["unknown", 0, "could not be found out", true],
] as const)(
  "says that no worker answers, and whether the server keeps the call: %s",
  async (kept, status, words, retryable) => {
    const server = createServer(({ method }, response) => {
      if (method === "GET" && status !== 0) response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = restateHost({
      ingress: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      timeout: 50,
      clock: impatient(kept === "unknown" ? 2 : 1),
    });
    await expect(flow.run("x", { host })).rejects.toMatchObject({
      code: "ORCH_RESTATE_SILENT",
      facts: { timeout: 50, kept },
      message: expect.stringContaining(words),
      retryable,
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
);

it("refuses by name what runs on a server cannot do", () => {
  const host = restateHost({ ingress: "http://127.0.0.1:1" });
  const asks = orchestration("asks", (o) => o.start(ask).finish(ask), { onTerminal: circuit() });
  const links = items<string>("links");
  const crawl = each(
    "crawl",
    runnable("visit", (url: string) => url),
    { items: links },
  );
  const crawls = orchestration("crawls", (o) => o.start(crawl).finish(crawl));
  expect(() => asks.start("x", { host })).toThrow('The option onTerminal of "asks"');
  expect(() => crawls.start(["x"], { host })).toThrow('The option items of "crawl"');
  expect(() => flow.start("x", { host, runId: "r", ifExists: "retry" })).toThrow("The option ifExists");
  expect(() => restateHost({ ingress: "localhost:8080" })).toThrow("The option ingress");
  expect(() => restateHost({ ingress: "http://x", timeout: 0 })).toThrow("The option timeout");
});

/** The time of so many calls is over at once, and that of others never. */
function impatient(calls: number): Clock {
  let left = calls;
  return {
    now: () => 0,
    after: (_, act) => {
      if (left-- > 0) setImmediate(act);
      return () => {};
    },
  };
}
