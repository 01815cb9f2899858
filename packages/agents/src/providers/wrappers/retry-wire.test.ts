/** Retries over real sockets: whatever a server says about waiting, we are never early and never endless. */
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { expect, it } from "vitest";
import { beginEvents, DONE, hostileServer, unnamed } from "../../../test/hostile-server.ts";
import { ask, KEY } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { openaiCompatible } from "../openai-compatible/openai-compatible.ts";
import { withRetry } from "./retry-model.ts";

/** Waits that pass at once, and are written down. */
function hasty(): { readonly clock: Clock; readonly waits: number[] } {
  const waits: number[] = [];
  const after: Clock["after"] = (ms, fire) => {
    waits.push(ms);
    return systemClock.after(0, fire);
  };
  return { waits, clock: { now: systemClock.now, after } };
}

const inTen = (): string => new Date(Date.now() + 10_000).toUTCString();
const forms: readonly (readonly [string, () => Readonly<Record<string, string>>, number])[] = [
  ["nothing", () => ({}), 0],
  ["seconds", () => ({ "retry-after": "3" }), 3_000],
  ["a fraction", () => ({ "retry-after": "1.5" }), 1_500],
  ["milliseconds", () => ({ "retry-after-ms": "700", "retry-after": "9" }), 700],
  ["a date", () => ({ "retry-after": inTen() }), 9_000],
  ["a date that has passed", () => ({ "retry-after": new Date(0).toUTCString() }), 0],
  ["garbage", () => ({ "retry-after": "later, maybe 5" }), 0],
  ["a minus", () => ({ "retry-after": "-10" }), 0],
];

for (const status of [429, 500, 502, 503, 529]) {
  it.each(forms)(
    `waits after ${status} with %s at least as long as it says`,
    async (_form, headers, least) => {
      const server = await hostileServer((response) => {
        response.writeHead(status, { "content-type": "application/json", ...headers() });
        response.end('{"error":{"message":"no"}}');
      });
      const inner = openaiCompatible({
        provider: "lab",
        model: "m",
        baseURL: `${server.url}/v1`,
        apiKey: KEY,
      });
      const { clock, waits } = hasty();
      const { message } = await generate(withRetry(inner, { clock }), ask("hi"));
      await server.close();
      expect(server.seen.length).toBe(3);
      expect(waits.length).toBe(2);
      for (const wait of waits) {
        expect(wait).toBeGreaterThanOrEqual(least);
        expect(wait).toBeLessThanOrEqual(60_000);
      }
      expect(message.finish.error?.message).toMatch(/It was tried 3 times\.$/);
    },
  );
}

it("does not wait a thousand million seconds, and says that it was asked to", async () => {
  const server = await hostileServer((response) => {
    response.writeHead(429, { "retry-after": "1000000000" }).end("{}");
  });
  const inner = openaiCompatible({ provider: "lab", model: "m", baseURL: `${server.url}/v1`, apiKey: KEY });
  const { clock, waits } = hasty();
  const { message } = await generate(withRetry(inner, { clock }), ask("hi"));
  await server.close();
  expect([server.seen.length, waits.length]).toEqual([1, 0]);
  expect(message.finish.error?.message).toContain("asks to wait 1000000000 s, longer than the limit of 60 s");
});

it("tries again what broke inside a stream, only before it said something", async () => {
  const failed = unnamed({ error: { message: "busy", type: "overloaded_error" } });
  const text = unnamed({ choices: [{ index: 0, delta: { content: "Half" } }] });
  const whole = `${unnamed({ choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: "stop" }] })}${DONE}`;
  for (const [first, calls, reason] of [
    [failed, 2, "stop"],
    ["", 2, "stop"],
    [text + failed, 1, "error"],
    [text, 1, "interrupted"],
  ] as const) {
    const server = await hostileServer((response) => {
      beginEvents(response);
      response.end(server.seen.length === 1 ? first : whole);
    });
    const inner = openaiCompatible({ provider: "lab", model: "m", baseURL: `${server.url}/v1`, apiKey: KEY });
    const { message } = await generate(withRetry(inner, { clock: hasty().clock }), ask("hi"));
    await server.close();
    expect([server.seen.length, message.finish.reason]).toEqual([calls, reason]);
  }
});
