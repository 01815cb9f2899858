import { once } from "node:events";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { orchestration, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { afterEach, expect, test } from "vitest";
import { sse } from "../doors/sse.ts";
import { createServer } from "../server/create-server.ts";
import { listen } from "./listen.ts";
import { nodeListener } from "./node-listener.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function mounted(fetch: (request: Request) => Promise<Response>): Promise<number> {
  const http = createHttpServer(nodeListener({ fetch }));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  ends.push(() => {
    http.closeAllConnections();
    http.close();
  });
  return (http.address() as AddressInfo).port;
}

/** A client of bare bytes. */
async function sent(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  ends.push(() => socket.destroy());
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

test("a port that is taken and a foreign address are told as sentences, with the way out", async () => {
  const port = await mounted(async () => new Response());
  const server = createServer({ doors: [] });
  await expect(listen(server, { port })).rejects.toMatchObject({
    code: "ORCH_SERVER_PORT",
    facts: { hostname: "127.0.0.1", port, reason: "taken" },
    message: expect.stringMatching(/^Port \d+ is taken by another program\.\n {2}Fix: Stop that one, or/),
  });
  await expect(listen(server, { hostname: "192.0.2.77" })).rejects.toMatchObject({
    message: expect.stringMatching(/^"192\.0\.2\.77" is no address of this machine\./),
  });
});

test("a request arrives whole: method, address, headers and body", async () => {
  const port = await mounted(async (request) =>
    Response.json({
      ...{ method: request.method, url: request.url, many: request.headers.get("x-many") },
      text: await request.text(),
    }),
  );
  const asked = httpRequest({ port, path: "/a?b=c", method: "POST", headers: { "x-many": ["1", "2"] } });
  asked.end("hällo");
  const [response] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
  let text = "";
  for await (const piece of response) text += String(piece);
  expect(JSON.parse(text)).toEqual({
    method: "POST",
    url: `http://localhost:${port}/a?b=c`,
    many: "1, 2",
    text: "hällo",
  });
});

test.each([
  ["a host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"],
  ["an address that is none", "GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a method that the standard forbids", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"],
])("%s is refused with 400", async (_, text) => {
  let asked = 0;
  const port = await mounted(async () => {
    asked += 1;
    return new Response("no");
  });
  const socket = await sent(port, text);
  const [data] = await once(socket, "data");
  expect(String(data)).toMatch(/^HTTP\/1\.1 400/);
  expect(asked).toBe(0);
});

test("a client that does not read stops the writing, and one that goes ends it", async () => {
  let made = 0;
  const cancelled = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const port = await mounted(async (request) => {
    request.signal.addEventListener("abort", () => aborted.resolve());
    const body = new ReadableStream({
      pull: (controller) => {
        made += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel: () => cancelled.resolve(),
    });
    return new Response(body);
  });
  const socket = await sent(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  socket.pause();
  for (let still = 0, last = -1; still < 200; still = made === last ? still + 1 : 0) {
    last = made;
    await new Promise((resolve) => setImmediate(resolve));
  }
  // What sockets of a system hold is some megabytes; nothing else holds more than one piece.
  expect(made * 65_536).toBeLessThan(32 * 1024 * 1024);
  socket.destroy();
  await Promise.all([cancelled.promise, aborted.promise]);
});

test("a server that fails at an answer breaks it off, and answers on", async () => {
  let asked = 0;
  const port = await mounted(async () => {
    asked += 1;
    if (asked > 1) return new Response("fine");
    return new Response(
      new ReadableStream({ pull: (controller) => controller.error(new TypeError("broken")) }),
    );
  });
  await expect(fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())).rejects.toThrow();
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("fine");
});

test("a stop drains what goes on; a second one parks at once, and the run is left on its host", async () => {
  const gate = Promise.withResolvers<string>();
  const wait = runnable("wait", (_: string, ctx) => {
    const stopped = new Promise<never>((_resolve, reject) => {
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason));
    });
    return Promise.race([gate.promise, stopped]);
  });
  const flow = orchestration("flow", (o) => o.start(wait).finish(wait));
  const host = memoryHost();
  const make = () =>
    createServer({ host, orchestrations: { flow: { orchestration: flow } }, doors: [sse()] });
  const server = make();
  const { url, stop } = await listen(server, { drain: 600_000 });
  const run = await server.runs().start("flow", "x");
  const stream = await fetch(`${url}/sse/runs/${run}`);
  const first = stop();
  await expect(server.runs().start("flow", "x")).rejects.toMatchObject({ code: "ORCH_SERVER_CLOSING" });
  const text = stream.text();
  await stop();
  await first;
  expect(await text).toContain("event: parked");
  await expect(fetch(url)).rejects.toThrow();
  expect(await host.get(run)).toMatchObject({ status: "running" });
  const next = make();
  expect(await next.resume()).toEqual({ runs: 1, turns: 0, problems: [] });
  gate.resolve("done");
  let last: unknown;
  for await (const event of await next.runs().follow(run)) last = event;
  expect(last).toMatchObject({ type: "run.completed" });
});

test("a stop lets what goes on end first", async () => {
  const gate = Promise.withResolvers<string>();
  const wait = runnable("wait", (_: string) => gate.promise);
  const flow = orchestration("flow", (o) => o.start(wait).finish(wait));
  const server = createServer({ orchestrations: { flow: { orchestration: flow } }, doors: [sse()] });
  const { url, stop } = await listen(server, { drain: 600_000 });
  const run = await server.runs().start("flow", "x");
  const stream = await fetch(`${url}/sse/runs/${run}`);
  const stopped = stop();
  gate.resolve("done");
  await stopped;
  expect(await stream.text()).toContain("event: run.completed");
});
