import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { neverSent } from "./never-sent.ts";

let server: Server | undefined;
afterEach(
  () => new Promise<void>((done) => (server === undefined ? done() : void server.close(() => done()))),
);

async function thrownBy(url: string): Promise<unknown> {
  try {
    return await fetch(url, { method: "POST", body: "{}" });
  } catch (error) {
    return error;
  }
}

/** A server that hears a request and hangs up. */
async function listening(): Promise<string> {
  server = createServer((socket) => void socket.once("data", () => socket.destroy()));
  await new Promise<void>((done) => void server?.listen(0, "127.0.0.1", done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
}

test("an address where nothing listens was sent nothing", async () => {
  const url = await listening();
  await new Promise((done) => server?.close(done));
  server = undefined;
  expect(neverSent(await thrownBy(url))).toBe(true);
});

test("a connection that broke may have been used", async () => {
  expect(neverSent(await thrownBy(await listening()))).toBe(false);
});

test("every address of a host has to have been refused", () => {
  const refused = Object.assign(new Error("refused"), { syscall: "connect", code: "ECONNREFUSED" });
  const reset = Object.assign(new Error("reset"), { syscall: "read", code: "ECONNRESET" });
  const around = (cause: unknown): Error => new Error("fetch failed", { cause });
  expect(neverSent(around(new AggregateError([refused, refused])))).toBe(true);
  expect(neverSent(around(new AggregateError([refused, reset])))).toBe(false);
  expect(neverSent(around(Object.assign(new Error("x"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" })))).toBe(
    true,
  );
  expect(neverSent(around(Object.assign(new Error("x"), { code: "UND_ERR_CONNECT_TIMEOUT" })))).toBe(true);
  expect(
    neverSent(around(Object.assign(new Error("x"), { syscall: "getaddrinfo", code: "ENOTFOUND" }))),
  ).toBe(true);
  expect(neverSent(around(Object.assign(new Error("x"), { code: "UND_ERR_SOCKET" })))).toBe(false);
  expect([undefined, null, "ECONNREFUSED", {}].map((thrown) => neverSent(thrown))).not.toContain(true);
});

test("causes that go in a circle end", () => {
  const circle = new Error("a");
  circle.cause = circle;
  expect(neverSent(circle)).toBe(false);
});
