import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { orchestration } from "@orch/core";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { figure, shareOf, thorough } from "../../../scripts/lanes.ts";
import { agent } from "../src/agent/agent.ts";
import { type AgentEvent, generate, type ModelEvent } from "../src/index.ts";
import { agentRunnable } from "../src/run/agent-runnable.ts";
import { streamAgent } from "../src/run/runner.ts";
import { type Format, formats } from "./hostile-answers.ts";
import { beginEvents, type HostileServer, hostileServer } from "./hostile-server.ts";
import { ask } from "./wires.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

let cases = 0;
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);
process.on("unhandledRejection", onRejection);
afterAll(() => {
  process.off("unhandledRejection", onRejection);
  figure(`consumers: ${cases} streams read in part or whole, ${rejections.length} unhandled rejections`);
});

let server: HostileServer;
let reply: (response: ServerResponse) => void;
beforeEach(async () => {
  server = await hostileServer((response) => reply(response));
});
afterEach(async () => {
  await server.close();
  expect(rejections).toEqual([]);
});

const WORDS = 400;
const answerOf = (format: Format): { whole: string; cut: string } => {
  const { frames, beforeEnd } = format.write([
    { text: Array.from({ length: WORDS }, (_, at) => `word ${at} `) },
  ]);
  return { whole: frames.join(""), cut: frames.slice(0, beforeEnd - 3).join("") };
};

/** What a server may do while somebody reads, or does not. */
const SERVERS: { readonly [what: string]: (response: ServerResponse, format: Format) => void } = {
  "answers whole": (response, format) => void beginEvents(response).end(answerOf(format).whole),
  "breaks off": (response, format) =>
    void beginEvents(response).write(answerOf(format).cut, () => response.destroy()),
  "never ends": (response, format) => void beginEvents(response).write(answerOf(format).cut),
  "fails at once": (response) => void response.writeHead(400).end("{}"),
};

/** How a stream is read. None of them may wait for a server that never ends. */
const READERS: { readonly [how: string]: <T>(events: AsyncIterable<T>, ends: boolean) => Promise<unknown> } =
  {
    "reads all": async (events, ends) => {
      let seen = 0;
      for await (const _ of events) if (++seen > 200 && !ends) break;
    },
    "reads half": async (events) => {
      let seen = 0;
      for await (const _ of events) if (++seen > 20) break;
    },
    "reads none": async () => {},
    "asks for one and leaves it": async (events) => {
      const iterator = events[Symbol.asyncIterator]();
      await iterator.next();
      await iterator.return?.();
    },
    "leaves before it asks": async (events) => {
      await events[Symbol.asyncIterator]().return?.();
    },
    "reads twice": async (events, ends) => {
      for (let round = 0; round < 2; round++) {
        let seen = 0;
        for await (const _ of events) if (++seen > 20 && !ends) break;
      }
    },
    "throws within the loop": async (events) => {
      try {
        for await (const _ of events) throw new RangeError("reader");
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    },
    "throws into the stream": async (events) => {
      const iterator = events[Symbol.asyncIterator]();
      await iterator.next();
      await iterator
        .throw?.(new RangeError("reader"))
        .catch((error: unknown) => expect(error).toBeInstanceOf(Error));
    },
  };

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(seen: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await seen())) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(formats)("$name", (format) => {
  // Each reader with one of the formats in lane `test`.
  const readers = shareOf(Object.keys(READERS), formats.indexOf(format), formats.length);
  /** The ways to a stream of events; each is given the reader's signal. */
  const streams: { readonly [of: string]: (signal: AbortSignal) => AsyncIterable<unknown> } = {
    "a model": (signal): AsyncIterable<ModelEvent> => format.make(server.url).stream(ask("hi", { signal })),
    "an agent": (signal): AsyncIterable<AgentEvent> =>
      streamAgent(agent({ name: "a", model: format.make(server.url) }), "hi", { signal }),
  };

  describe.each(Object.keys(streams))("the stream of %s", (of) => {
    test.each(readers)("P9: leaves nothing behind when its reader %s", async (how) => {
      for (const what of Object.keys(SERVERS)) {
        reply = (response) => SERVERS[what]!(response, format);
        const controller = new AbortController();
        await READERS[how]!(streams[of]!(controller.signal), what !== "never ends");
        cases++;
        await settled();
        expect(getEventListeners(controller.signal, "abort")).toEqual([]);
        if (what === "never ends") await until(async () => (await server.connections()) === 0);
      }
    });
  });

  test("generate gives one answer to whoever waits, or is forgotten", async () => {
    for (const what of ["answers whole", "breaks off", "fails at once"]) {
      reply = (response) => SERVERS[what]!(response, format);
      const { message } = await generate(format.make(server.url), ask("hi"));
      expect(message.finish.reason === "stop").toBe(what === "answers whole");
      void generate(format.make(server.url), ask("hi"));
      cases += 2;
    }
    await settled();
  });

  test.each(readers)("the events of a run harm it in no way when a reader %s", async (how) => {
    for (const what of ["answers whole", "breaks off", "fails at once"]) {
      reply = (response) => SERVERS[what]!(response, format);
      const state = agentRunnable(agent({ name: "a", model: format.make(server.url) }));
      const run = orchestration("flow", (o) => o.start(state).finish(state)).start("hi");
      await Promise.all([READERS[how]!(run.events(), true), READERS["reads none"]!(run.events(), true)]);
      const result = await run.result.then(
        () => "completed",
        () => "failed",
      );
      expect(result).toBe(what === "answers whole" ? "completed" : "failed");
      let last = "";
      for await (const event of run.events()) last = event.type;
      expect(last).toBe(`run.${result}`);
      cases++;
    }
  });

  // Of one wire format: what could keep an answer is above the formats.
  test.runIf(thorough || format === formats[0])(
    "keeps no memory of answers, whether they were read, left or forgotten",
    async () => {
      reply = (response) => SERVERS["answers whole"]!(response, format);
      const model = format.make(server.url);
      const round = async (times: number): Promise<number> => {
        for (let time = 0; time < times; time++) {
          for (const how of ["reads all", "reads half", "throws within the loop"])
            await READERS[how]!(streamAgent(agent({ name: "a", model }), "hi"), true);
        }
        await settled();
        collect();
        return process.memoryUsage().heapUsed / 1024;
      };
      const times = thorough ? 47 : 15;
      const before = await round(times / 2);
      const after = await round(times);
      expect((after - before) / (times * 3)).toBeLessThan(20);
      cases += times * 3;
    },
  );

  test.runIf(thorough || format === formats[0])(
    "holds little for a reader that stops reading a long answer",
    async () => {
      const { frames } = format.write([{ text: Array.from({ length: 20_000 }, () => "x".repeat(100)) }]);
      reply = (response) => void beginEvents(response).end(frames.join(""));
      collect();
      const before = process.memoryUsage().heapUsed;
      const controller = new AbortController();
      const iterator = format
        .make(server.url)
        .stream(ask("hi", { signal: controller.signal }))
        [Symbol.asyncIterator]();
      await iterator.next();
      await settled();
      collect();
      expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(40);
      await iterator.return?.();
      await until(async () => (await server.connections()) <= 1);
      cases++;
    },
  );
});
