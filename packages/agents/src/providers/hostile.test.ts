import { type ManualClock, manualClock } from "@orch/testing";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { thorough } from "../../../../scripts/lanes.ts";
import { beginEvents, type HostileServer, hostileServer } from "../../test/hostile-server.ts";
import { ask, KEY, wires } from "../../test/wires.ts";
import type { AssistantPart } from "../words/message.ts";
import type { FinishEvent, Model, ModelEvent, ModelRequest } from "../words/model.ts";

let server: HostileServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** All events; checks on the way that `finish` comes once and last. */
async function drain(model: Model, request: ModelRequest): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.stream(request)) events.push(event);
  expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
  expect(events.at(-1)?.type).toBe("finish");
  return events;
}

const finishOf = (events: readonly ModelEvent[]): FinishEvent => events.at(-1) as FinishEvent;

const bare = (parts: readonly AssistantPart[]): readonly AssistantPart[] =>
  parts.map((part) => {
    const { opaque: _opaque, ...rest } = part as AssistantPart & { opaque?: unknown };
    return rest as AssistantPart;
  });

const runnable = (event: FinishEvent): readonly AssistantPart[] =>
  event.message.content.filter((part) => part.type === "tool-call" && part.input !== undefined);

/** Waits, turn by turn of the event loop, until `seen` says so. */
async function until(seen: () => boolean): Promise<void> {
  while (!seen()) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(wires)("$name", (wire) => {
  test("reads a whole answer", async () => {
    server = await hostileServer((response) => beginEvents(response).end(wire.frames.join("")));
    const events = await drain(wire.make(server.url), ask("hi"));
    const { message, usage } = finishOf(events);
    expect(bare(message.content)).toEqual(wire.parts);
    expect(message.finish.reason).toBe("tool-calls");
    expect(usage).toMatchObject({ input: 7, output: 5 });
    expect(events[0]).toMatchObject({ type: "start", requestId: "req_1" });
    const text = events.map((event) => (event.type === "text" ? event.delta : "")).join("");
    expect(text).toBe("Grüße, 世界 👋");
  });

  test("keeps what its headers hold out of the sentence of a failure", async () => {
    const headers = { "x-team": "team-5f2c9d81", "proxy-authorization": "Basic b3JjaDpodW50ZXIy" };
    server = await hostileServer((response, { headers: sent }) => {
      response.writeHead(400, { "content-type": "text/plain" }).end(`team ${sent["x-team"]}, key ${KEY},
        proxy ${String(sent["proxy-authorization"]).split(" ")[1]}, once ${sent["x-once"]}`);
    });
    const model = wire.make(server.url, { headers });
    const { error } = finishOf(await drain(model, ask("hi", { headers: { "x-once": "once-77aa12bc" } })))
      .message.finish;
    expect(error?.message).toContain("team [redacted]");
    expect(error?.message).not.toMatch(/5f2c9d81|b3JjaDpodW50ZXIy|77aa12bc|0123456789abcdef/);
  });

  test("sends the conversation to no other address that an answer names", async () => {
    const elsewhere = await hostileServer((response) => beginEvents(response).end(wire.frames.join("")));
    onTestFinished(elsewhere.close);
    server = await hostileServer((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const finish = finishOf(await drain(wire.make(server.url), ask("hi")));
    expect(finish.message.finish).toMatchObject({
      reason: "error",
      error: { status: 307, retryable: false },
    });
    expect(elsewhere.seen).toEqual([]);
  });

  // A socket may join what was written apart, so the pieces are handed over by a fetch of our own.
  test("reads the same answer wherever its bytes are cut", async () => {
    const bytes = new TextEncoder().encode(wire.frames.join(""));
    let at = 0;
    const sliced: typeof fetch = () => {
      const pieces = [bytes.slice(0, at), bytes.slice(at)];
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: (out) => {
          const piece = pieces.shift();
          if (piece === undefined) out.close();
          else out.enqueue(piece);
        },
      });
      const headers = { "content-type": "text/event-stream" };
      return Promise.resolve(new Response(body, { headers }));
    };
    const model = wire.make("http://127.0.0.1:9", { fetch: sliced });
    for (at = 1; at < bytes.length; at += thorough ? 1 : 7) {
      const finish = finishOf(await drain(model, ask("hi")));
      if (finish.message.finish.reason !== "tool-calls") expect.fail(`cut at byte ${at}`);
      expect(bare(finish.message.content)).toEqual(wire.parts);
    }
  });

  test("reads the same answer one byte at a time", async () => {
    const bytes = Buffer.from(wire.frames.join(""));
    server = await hostileServer(async (response) => {
      beginEvents(response);
      for (const byte of bytes) await new Promise((next) => response.write(Uint8Array.of(byte), next));
      response.end();
    });
    const { message } = finishOf(await drain(wire.make(server.url), ask("hi")));
    expect(bare(message.content)).toEqual(wire.parts);
  });

  test("keeps the text of a stream that closes cleanly without its end marker, and no call in it runs", async () => {
    server = await hostileServer((response) =>
      beginEvents(response).end(wire.frames.slice(0, wire.beforeEnd).join("")),
    );
    const finish = finishOf(await drain(wire.make(server.url), ask("hi")));
    expect(finish.message.finish).toMatchObject({ reason: "interrupted", error: { kind: "cut" } });
    expect(finish.message.content[0]).toMatchObject({ text: "Grüße, 世界 👋" });
    expect(finish.message.content).toHaveLength(2);
    expect(runnable(finish)).toEqual([]);
  });

  test("treats a stream cut after any frame before the end marker as interrupted", async () => {
    let count = 0;
    server = await hostileServer((response) => {
      const head = beginEvents(response);
      if (count === 0) head.flushHeaders();
      head.write(wire.frames.slice(0, count).join(""), () => setImmediate(() => response.destroy()));
    });
    const model = wire.make(server.url);
    for (count = 1; count <= wire.beforeEnd; count++) {
      const finish = finishOf(await drain(model, ask("hi")));
      expect(finish.message.finish, `after ${count} frames`).toMatchObject({
        reason: "interrupted",
        error: { kind: "cut", retryable: true },
      });
      expect(runnable(finish)).toEqual([]);
    }
  });

  test("gives a slow reader all that arrived before the connection broke", async () => {
    let closed = false;
    let goOn = (): void => {};
    server = await hostileServer((response) => {
      response.on("close", () => {
        closed = true;
      });
      beginEvents(response).write(wire.frames.slice(0, 3).join(""));
      goOn = () => {
        const rest = wire.frames.slice(3, wire.beforeEnd).join("");
        response.write(rest, () => setImmediate(() => response.destroy()));
      };
    });
    const events: ModelEvent[] = [];
    for await (const event of wire.make(server.url).stream(ask("hi"))) {
      events.push(event);
      if (events.length > 1) continue;
      goOn();
      await until(() => closed);
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    const { message } = finishOf(events);
    expect(message.finish.reason).toBe("interrupted");
    expect(message.content).toHaveLength(2);
    expect(message.content[1]).toMatchObject({ rawInput: '{"city":"Zürich 🏔"}' });
  });

  test("ends with an error event inside the stream, with the text before it", async () => {
    server = await hostileServer((response) =>
      beginEvents(response).end(wire.frames.slice(0, 4).join("") + wire.errorFrame),
    );
    const finish = finishOf(await drain(wire.make(server.url), ask("hi")));
    expect(finish.message.finish.reason).toBe("error");
    expect(["overloaded", "server"]).toContain(finish.message.finish.error?.kind);
    expect(finish.message.finish.error?.message).toContain("busy");
    expect(finish.message.content[0]).toMatchObject({ type: "text" });
    expect(runnable(finish)).toEqual([]);
  });

  test("refuses a web page that comes with status 200", async () => {
    server = await hostileServer((response) =>
      beginEvents(response, "text/html; charset=utf-8").end("<html>Log in</html>"),
    );
    const finish = finishOf(await drain(wire.make(server.url), ask("hi")));
    expect(finish.message.finish).toMatchObject({
      reason: "error",
      error: { kind: "protocol", retryable: false },
    });
    expect(finish.message.finish.error?.message).toContain("text/html");
  });

  test("refuses a stream that is no JSON, and does not write it to the console", async () => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => written.mockRestore());
    server = await hostileServer((response) =>
      beginEvents(response).end(`${wire.frames[0]}event: x\ndata: {"type":\n\n`),
    );
    const finish = finishOf(await drain(wire.make(server.url), ask("hi")));
    expect(finish.message.finish).toMatchObject({ reason: "error", error: { kind: "protocol" } });
    expect(written).not.toHaveBeenCalled();
  });

  test("gives up on a server that does not begin to answer, by the clock", async () => {
    const clock = manualClock();
    server = await hostileServer(() => {});
    const drained = drain(wire.make(server.url, { clock }), ask("hi"));
    await until(() => server!.seen.length === 1 && clock.pending() === 1);
    await clock.advance(59_999);
    await clock.advance(1);
    const finish = finishOf(await drained);
    expect(finish.message.finish).toMatchObject({
      reason: "error",
      error: { kind: "timeout", retryable: true },
    });
    expect(finish.message.finish.error?.message).toContain("60 s");
    expect(clock.pending()).toBe(0);
  });

  test("gives up on a server that goes silent in the middle, and keeps what came", async () => {
    const clock = manualClock();
    server = await hostileServer((response) => {
      beginEvents(response).write(wire.frames.slice(0, 4).join(""));
    });
    const events: ModelEvent[] = [];
    const drained = collect(wire.make(server.url, { clock }), events);
    await until(() => events.some((event) => event.type === "text"));
    await settled(clock);
    await clock.advance(119_000);
    expect(events.at(-1)?.type).not.toBe("finish");
    await clock.advance(1_000);
    await drained;
    const finish = finishOf(events);
    expect(finish.message.finish).toMatchObject({ reason: "error", error: { kind: "timeout" } });
    expect(finish.message.content[0]).toMatchObject({ type: "text" });
    await until(() => clock.pending() === 0);
  });

  test("lets an abort end the call before the answer, during it and between frames", async () => {
    for (const count of [0, 1, 3, wire.beforeEnd]) {
      const here = await hostileServer((response) => {
        if (count > 0) beginEvents(response).write(wire.frames.slice(0, count).join(""));
      });
      const controller = new AbortController();
      const events: ModelEvent[] = [];
      const request = ask("hi", { signal: controller.signal });
      const drained = collect(wire.make(here.url), events, request);
      await until(() => here.seen.length === 1 && (count === 0 || events.length > 0));
      controller.abort();
      await drained;
      const finish = finishOf(events);
      expect(finish.message.finish).toMatchObject({ reason: "aborted", error: { kind: "aborted" } });
      expect(runnable(finish)).toEqual([]);
      await here.close();
    }
  });

  test("makes no request when the signal is aborted already", async () => {
    server = await hostileServer((response) => response.end());
    const finish = finishOf(await drain(wire.make(server.url), ask("hi", { signal: AbortSignal.abort() })));
    expect(finish.message.finish.reason).toBe("aborted");
    expect(server.seen).toEqual([]);
  });

  test("ends the connection when its reader leaves", async () => {
    let closed = false;
    server = await hostileServer((response) => {
      response.on("close", () => {
        closed = true;
      });
      beginEvents(response).write(wire.frames.slice(0, 4).join(""));
    });
    for await (const event of wire.make(server.url).stream(ask("hi"))) if (event.type === "text") break;
    await until(() => closed);
  });

  test("says what an HTTP error means, without the key", async () => {
    const cases = [
      [401, { error: { message: `bad key ${KEY}`, type: "authentication_error" } }, "auth", false],
      [404, { error: { message: "no such model", type: "not_found_error" } }, "not-found", false],
      [
        400,
        { error: { message: "maximum context length is 8 tokens", type: "invalid_request_error" } },
        "context-length",
        false,
      ],
      [400, { error: { message: "what?", type: "invalid_request_error" } }, "bad-request", false],
      [429, { error: { message: "slow down", type: "rate_limit_error" } }, "rate-limit", true],
      [
        429,
        { error: { message: "pay", type: "insufficient_quota", code: "insufficient_quota" } },
        "quota",
        false,
      ],
      [500, { error: { message: "oops", type: "api_error" } }, "server", true],
      [529, { error: { message: "later", type: "overloaded_error" } }, "overloaded", true],
    ] as const;
    let now: (typeof cases)[number] = cases[0];
    server = await hostileServer((response) => {
      response.writeHead(now[0], { "content-type": "application/json" }).end(JSON.stringify(now[1]));
    });
    const model = wire.make(server.url);
    for (now of cases) {
      const { message, usage } = finishOf(await drain(model, ask("hi")));
      const { finish } = message;
      // What was turned down is not billed, so its cost is known, whatever the price.
      expect(usage).toEqual({ input: 0, output: 0, cost: 0 });
      expect(finish).toMatchObject({
        reason: "error",
        error: { status: now[0], kind: now[2], retryable: now[3] },
      });
      expect(JSON.stringify(finish)).not.toContain(KEY);
    }
    expect(server.seen).toHaveLength(cases.length);
  });

  test("reports a server that is not there", async () => {
    server = await hostileServer(() => {});
    const { url } = server;
    await server.close();
    const { message, usage } = finishOf(await drain(wire.make(url), ask("hi")));
    const { finish } = message;
    expect(finish).toMatchObject({ reason: "error", error: { kind: "network", retryable: true } });
    expect(finish.error?.message).toContain("ECONNREFUSED");
    // Nothing was sent, so nothing was paid, whatever the price.
    expect(usage).toEqual({ input: 0, output: 0, cost: 0 });
  });

  test("does not know what a call cost whose connection broke once it was made", async () => {
    server = await hostileServer((response) => response.destroy());
    const { message, usage } = finishOf(await drain(wire.make(server.url), ask("hi")));
    expect(message.finish.error?.kind).toBe("network");
    expect(usage).toEqual({ input: 0, output: 0, estimated: true });
  });
});

async function collect(model: Model, events: ModelEvent[], request = ask("hi")): Promise<void> {
  for await (const event of model.stream(request)) events.push(event);
}

/** Lets the reader get to its next wait. */
async function settled(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  await until(() => clock.pending() > 0);
}
