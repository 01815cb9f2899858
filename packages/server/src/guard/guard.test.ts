import { manualClock } from "@orch/testing";
import { expect, test } from "vitest";
import { type GuardOptions, guard } from "./guard.ts";

const TOKEN = "0123456789abcdef-ada";
const OTHER = "0123456789abcdef-eve";

function guarded(options: GuardOptions) {
  let asked = 0;
  const { fetch } = guard(
    {
      fetch: async () => {
        asked += 1;
        return new Response("fine");
      },
    },
    options,
  );
  return {
    asked: () => asked,
    send: (url: string, headers: { readonly [name: string]: string } = {}, method = "GET") =>
      fetch(new Request(url, { method, headers })),
  };
}

test.each([
  ["http://localhost:4100/v1", 200],
  ["http://127.0.0.1/v1", 200],
  ["http://[::1]:80/v1", 200],
  ["http://evil.example/v1", 403],
  ["http://localhost.evil.example/v1", 403],
  ["http://127.0.0.1.nip.example/v1", 403],
])("without hosts of its own, %s gets %i", async (url, status) => {
  const { send, asked } = guarded({});
  expect((await send(url)).status).toBe(status);
  expect(asked()).toBe(status === 200 ? 1 : 0);
});

test.each([
  ["http://localhost", 200],
  ["http://localhost:81", 403],
  ["https://localhost", 403],
  ["https://example.org", 200],
  ["https://example.org.evil.example", 403],
  ["null", 403],
])("a page of %s gets %i", async (origin, status) => {
  const { send } = guarded({ origins: ["https://example.org"] });
  const response = await send("http://localhost/v1", { origin });
  expect(response.status).toBe(status);
  expect(response.headers.get("access-control-allow-origin")).toBe(status === 200 ? origin : null);
});

test("a browser's question is answered without a token, for allowed pages alone", async () => {
  const { send, asked } = guarded({ origins: ["https://example.org"], tokens: [TOKEN] });
  const ask = (origin: string) =>
    send("http://localhost/v1", { origin, "access-control-request-method": "POST" }, "OPTIONS");
  const allowed = await ask("https://example.org");
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get("access-control-allow-headers")).toContain("authorization");
  expect((await ask("https://evil.example")).status).toBe(403);
  expect(asked()).toBe(0);
});

test.each([
  [{}, 401],
  [{ authorization: "Bearer " }, 401],
  [{ authorization: `Bearer ${TOKEN}x` }, 401],
  [{ authorization: `Basic ${TOKEN}` }, 401],
  [{ authorization: `Bearer ${TOKEN}` }, 200],
  [{ authorization: `bearer ${OTHER}` }, 200],
])("%j gets %i", async (headers, status) => {
  const { send } = guarded({ tokens: [TOKEN, OTHER] });
  const response = await send("http://localhost/v1", headers);
  expect(response.status).toBe(status);
  if (status === 401) expect(response.headers.get("www-authenticate")).toBe("Bearer");
});

test("short tokens and none at all are refused at once", () => {
  expect(() => guarded({ tokens: ["short"] })).toThrow(/16 characters/);
  expect(() => guarded({ tokens: [] })).toThrow(/there is none/);
});

test("a caller that comes too often waits, and another does not", async () => {
  const clock = manualClock();
  const { send } = guarded({ tokens: [TOKEN, OTHER], perMinute: 2, clock });
  const by = async (token: string) => send("http://localhost/v1", { authorization: `Bearer ${token}` });
  expect([(await by(TOKEN)).status, (await by(TOKEN)).status]).toEqual([200, 200]);
  const refused = await by(TOKEN);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("30");
  expect((await by(OTHER)).status).toBe(200);
  await clock.advance(30_000);
  expect((await by(TOKEN)).status).toBe(200);
  expect((await by(TOKEN)).status).toBe(429);
});
