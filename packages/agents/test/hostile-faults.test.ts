import type { ServerResponse } from "node:http";
import { manualClock } from "@orch/testing";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { budget, figure, shareOf, thorough } from "../../../scripts/lanes.ts";
import { agent } from "../src/agent/agent.ts";
import { tool } from "../src/agent/tool.ts";
import { withRetry } from "../src/providers/wrappers/retry-model.ts";
import { runAgent } from "../src/run/runner.ts";
import type { FinishEvent, Model, ModelEvent, Usage } from "../src/words/model.ts";
import { answers, formats } from "./hostile-answers.ts";
import { advanceUntil, drain, endless, FAULTS, judgeCut as judge, textOf, WRONG } from "./hostile-judge.ts";
import { beginEvents, type HostileServer, hostileServer } from "./hostile-server.ts";

const EVERY = budget("faultFramesEvery");
let cases = 0;
afterAll(() => {
  figure(`hostile: ${cases} faults, ${toolsRun} tools run from a cut message`);
});

let server: HostileServer;
let reply: (response: ServerResponse, request: number) => void;
beforeEach(async () => {
  let request = 0;
  server = await hostileServer((response) => reply(response, request++));
});
afterEach(() => server.close());

let toolsRun = 0;

const usageIn = (events: readonly ModelEvent[]): Usage => (events.at(-1) as FinishEvent).usage;

const withoutUsage = (event: ModelEvent): object =>
  event.type === "finish" ? { ...event, usage: undefined } : event;

function judgeCut(drained: { finish: FinishEvent }, kinds: RegExp, truth: string): void {
  cases++;
  judge(drained, kinds, truth);
}

/** Runs an agent whose tools count, against the same server. */
async function judgeRun(model: Model): Promise<void> {
  const count = (name: string) =>
    tool({
      name,
      description: "x",
      input: z.object({ city: z.string().optional() }),
      invoke: () => void toolsRun++,
    });
  const before = toolsRun;
  const result = await runAgent(agent({ name: "a", model, tools: [count("weather"), count("clock")] }), "hi");
  cases++;
  expect(result.stopReason).toBe("error");
  expect(toolsRun).toBe(before);
  const calls = result.messages.flatMap((message) =>
    message.role === "assistant"
      ? message.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []))
      : [],
  );
  const results = result.messages.flatMap((message) =>
    message.role === "tool" ? message.content.map((part) => part.id) : [],
  );
  expect(results).toEqual(calls);
}

const KINDS = ["text", "thinking, then text", "one call", "three calls", "refusal"] as const;

describe.each(formats)("$name", (format) => {
  // Each case with one of the formats in lane `test`.
  const place = formats.indexOf(format);
  const mine = <T>(cases: readonly T[]): readonly T[] => shareOf(cases, place, formats.length);

  test.each(mine(FAULTS))("after any frame: %s", async (_name, kinds, end) => {
    for (const kind of KINDS) {
      const { frames, beforeEnd } = format.write(...answers[kind]!);
      const truth = answers[kind]![0].flatMap((piece) =>
        "text" in piece || "refusal" in piece ? Object.values(piece).flat() : [],
      ).join("");
      for (let count = 0; count <= beforeEnd; count += EVERY) {
        reply = (response) => {
          beginEvents(response).flushHeaders();
          const sent = frames.slice(0, count).join("");
          if (sent === "") setImmediate(() => end(response, format));
          else response.write(sent, () => setImmediate(() => end(response, format)));
        };
        judgeCut(await drain(format.make(server.url)), kinds, truth);
        if (kind.endsWith("s") || kind === "one call") await judgeRun(format.make(server.url));
      }
    }
  });

  test("goes silent before its headers, after them, and after any frame", async () => {
    for (const kind of KINDS) {
      const { frames, beforeEnd } = format.write(...answers[kind]!);
      for (let count = -1; count <= beforeEnd; count += EVERY) {
        const clock = manualClock();
        reply = (response) => {
          if (count < 0) return;
          beginEvents(response).flushHeaders();
          if (count > 0) response.write(frames.slice(0, count).join(""));
        };
        const reading = drain(format.make(server.url, { clock }));
        const waited = await advanceUntil(reading, clock);
        expect(waited).toBeLessThanOrEqual(count > 0 ? 180_000 : 120_000);
        const { finish } = await reading;
        judgeCut({ finish }, /^timeout$/, textOf(finish.message.content));
        expect(finish.message.finish.error?.message).toMatch(/(?:60|120) s\.$/);
        await until(() => clock.pending() === 0);
      }
    }
  });

  test.each([0, 2])("sends signs of life and nothing else, after %d frames", async (count) => {
    const clock = manualClock();
    const { frames } = format.write(...answers["text"]!);
    // An event named "ping" is a sign of life with Anthropic, and with the others an event.
    const sign = `: keep-alive\n\n${format.name === "anthropic" ? "event: ping\ndata: {}\n\n" : ""}`;
    let signs = 0;
    reply = (response) => {
      beginEvents(response).write(frames.slice(0, count).join("") || ": hello\n\n");
      const ping = setInterval(() => response.write(sign, () => signs++), 1);
      response.on("close", () => clearInterval(ping));
    };
    let ended = false;
    const reading = drain(format.make(server.url, { clock })).finally(() => {
      ended = true;
    });
    let waited = 0;
    while (!ended) {
      const before = signs;
      await until(() => ended || signs > before + 3);
      if (ended || clock.pending() === 0) continue;
      await clock.advance(30_000);
      waited += 30_000;
    }
    expect(waited).toBeGreaterThan(9 * 60_000);
    expect(waited).toBeLessThanOrEqual(12 * 60_000);
    const { finish } = await reading;
    judgeCut({ finish }, /^timeout$/, "Grüße, 世界 👋");
    expect(finish.message.finish.error?.message).toContain("ten minutes");
  });

  test.each(mine(WRONG))("answers with %s", async (_what, kinds, end) => {
    reply = end;
    judgeCut(await drain(format.make(server.url)), kinds, "");
    await judgeRun(format.make(server.url));
  });

  // Of one format: lines are cut below the formats.
  test.runIf(thorough || place === 0)(
    "holds no more than a few times its limit of a line of 50 MB",
    async () => {
      reply = (response) => endless(beginEvents(response), 50);
      await drain(format.make(server.url));
      const before = process.memoryUsage().rss;
      for (let round = 0; round < (thorough ? 3 : 1); round++)
        judgeCut(await drain(format.make(server.url)), /^protocol$/, "");
      const grown = (process.memoryUsage().rss - before) / 2 ** 20;
      expect(grown).toBeLessThan(3 * 64);
    },
  );

  test("fails once with any failure that may pass, and then answers: retried, and nobody sees it", async () => {
    const { frames } = format.write(...answers["text"]!);
    const whole = frames.join("");
    reply = (response) => beginEvents(response).end(whole);
    const wanted = (await drain(format.make(server.url))).events;
    const failures: ((response: ServerResponse) => void)[] = [
      ...[408, 429, 500, 502, 503, 529].map(
        (status) => (r: ServerResponse) => void r.writeHead(status).end(),
      ),
      ...["0", "7", "0.5", "soon", "-3", "Wed, 21 Oct 2015 07:28:00 GMT"].map(
        (wish) => (r: ServerResponse) => void r.writeHead(429, { "retry-after": wish }).end("{}"),
      ),
      (r) => void r.writeHead(503, { "retry-after-ms": "1500" }).end("{}"),
      (r) => void r.socket?.resetAndDestroy(),
      (r) => void r.destroy(),
      (r) => void beginEvents(r).end(format.errorFrame),
      (r) => void beginEvents(r).end(frames[0] + format.errorFrame),
      (r) => void beginEvents(r).end(),
      (r) => void beginEvents(r).write(frames[0]!, () => r.destroy()),
    ];
    for (const fail of mine(failures)) {
      const clock = manualClock();
      let made = 0;
      reply = (response) => (made++ === 0 ? fail(response) : void beginEvents(response).end(whole));
      const reading = drain(withRetry(format.make(server.url, { clock }), { clock, random: () => 0.5 }));
      await advanceUntil(reading, clock, 500);
      const { events } = await reading;
      expect(made).toBe(2);
      const told = (all: readonly ModelEvent[]) =>
        all.filter(({ type }) => type !== "start").map(withoutUsage);
      expect(told(events)).toEqual(told(wanted));
      // What the attempt that failed had told counts beside it.
      expect(usageIn(events).input).toBeGreaterThanOrEqual(usageIn(wanted).input);
      expect(usageIn(events).input).toBeLessThanOrEqual(2 * usageIn(wanted).input);
      cases++;
    }
  });

  test("asks to wait a billion seconds: told, and not waited for", async () => {
    let made = 0;
    reply = (response) => {
      made++;
      response.writeHead(429, { "retry-after": "1000000000" }).end("{}");
    };
    const { finish } = await drain(withRetry(format.make(server.url)));
    judgeCut({ finish }, /^rate-limit$/, "");
    expect(finish.message.finish.error?.message).toContain("1000000000 s");
    expect(made).toBe(1);
  });

  test("gives an unknown reason to stop: no success", async () => {
    for (const odd of ["", "tool_error", "STOP", "null", "x".repeat(10_000), "stop\n"]) {
      const { frames } = format.write([{ text: ["Hello"] }, { call: "weather", id: "c", args: ["{}"] }], {
        odd,
      });
      reply = (response) => beginEvents(response).end(frames.join(""));
      const { finish } = await drain(format.make(server.url));
      expect(["other", "interrupted"]).toContain(finish.message.finish.reason);
      expect(
        finish.message.content.filter((part) => part.type === "tool-call" && part.input !== undefined),
      ).toEqual([]);
      cases++;
    }
  });
});

async function until(seen: () => boolean): Promise<void> {
  while (!seen()) await new Promise((resolve) => setImmediate(resolve));
}
