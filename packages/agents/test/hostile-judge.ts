/** What a server does wrong, and what must be left of an answer then: the same for every adapter and preset. */
import type { ServerResponse } from "node:http";
import type { ManualClock } from "@orch/testing";
import { expect } from "vitest";
import type { AssistantPart } from "../src/words/message.ts";
import type { FinishEvent, Model, ModelEvent } from "../src/words/model.ts";
import type { Format } from "./hostile-answers.ts";
import { beginEvents } from "./hostile-server.ts";
import { ask, KEY } from "./wires.ts";

/** Everything the model says; a stream that does not end within two minutes of real time counts as a hang. */
export async function drain(model: Model): Promise<{ events: readonly ModelEvent[]; finish: FinishEvent }> {
  const events: ModelEvent[] = [];
  const reading = (async () => {
    for await (const event of model.stream(ask("hi"))) events.push(event);
  })();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error("hangs"));
    }, 120_000);
  });
  await Promise.race([reading, late]).finally(() => clearTimeout(timer));
  expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
  const finish = events.at(-1) as FinishEvent;
  expect(finish.type).toBe("finish");
  return { events, finish };
}

/** The words of a message. */
export const textOf = (parts: readonly AssistantPart[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

/** What every answer that is not whole must be: typed, told in one clean sentence, with no call to run, and a part of the truth. */
export function judgeCut({ finish }: { finish: FinishEvent }, kinds: RegExp, truth: string): void {
  const { message } = finish;
  expect(["interrupted", "error"]).toContain(message.finish.reason);
  expect(message.finish.error?.kind).toMatch(kinds);
  expect(message.finish.error?.message).toMatch(/^\P{Cc}{5,700}$/u);
  expect(JSON.stringify(finish)).not.toContain(KEY);
  expect(truth.startsWith(textOf(message.content))).toBe(true);
  expect(message.content.filter((part) => part.type === "tool-call" && part.input !== undefined)).toEqual([]);
}

/** What may happen in a stream, and what it is told as. */
export type Fault = readonly [
  name: string,
  kinds: RegExp,
  end: (response: ServerResponse, format: Format) => void,
];

/** What may happen after any frame. */
export const FAULTS: readonly Fault[] = [
  ["closes without its end marker", /^(?:network|cut)$/, (response) => response.end()],
  ["resets the connection", /^(?:network|cut)$/, (response) => response.socket?.resetAndDestroy()],
  ["destroys the connection", /^(?:network|cut)$/, (response) => response.destroy()],
  [
    "closes within an event",
    /^(?:network|cut|protocol)$/,
    (response) => response.end('event: x\ndata: {"type":"resp'),
  ],
  ["sends an error", /^(?:overloaded|server)$/, (response, { errorFrame }) => response.end(errorFrame)],
  ["sends broken JSON", /^protocol$/, (response) => response.end('event: message_delta\ndata: {"type":\n\n')],
  [
    "sends null for an event",
    /^(?:protocol|network|cut)$/,
    (response) => response.end("event: message_delta\ndata: null\n\n"),
  ],
  [
    "sends a list for an event",
    /^(?:protocol|network|cut)$/,
    (response) => response.end("event: message_delta\ndata: [1]\n\n"),
  ],
  [
    "sends text for an event",
    /^(?:protocol|network|cut)$/,
    (response) => response.end('event: message_delta\ndata: "x"\n\n'),
  ],
  [
    "sends an event of no known kind",
    /^(?:network|cut)$/,
    (response) => response.end('event: new_thing\ndata: {"type":"new_thing","a":{}}\n\n'),
  ],
  ["sends a web page", /^(?:network|cut|protocol)$/, (response) => response.end("<html>gateway</html>\n\n")],
  [
    "sends bytes that are no text",
    /^(?:network|cut|protocol)$/,
    (response) => response.end(Buffer.from([0xff, 0xfe, 0, 10, 10])),
  ],
];

/** What may come in the place of an answer. */
export const WRONG: readonly (readonly [string, RegExp, (response: ServerResponse) => void])[] = [
  [
    "a web page",
    /^protocol$/,
    (r) => r.writeHead(200, { "content-type": "text/html" }).end("<html>Log in</html>"),
  ],
  [
    "a web page that claims to be events",
    /^(?:protocol|network|cut)$/,
    (r) => beginEvents(r).end("<!doctype html>\n<p>Log in</p>\n"),
  ],
  [
    "JSON",
    /^protocol$/,
    (r) => r.writeHead(200, { "content-type": "application/json" }).end('{"choices":[]}'),
  ],
  [
    "JSON that claims to be events",
    /^(?:protocol|network|cut)$/,
    (r) => beginEvents(r).end('{"id":"x","choices":[]}'),
  ],
  [
    "plain text",
    /^(?:protocol|network|cut)$/,
    (r) => r.writeHead(200, { "content-type": "text/plain" }).end("upstream ok"),
  ],
  ["no type and no body", /^(?:protocol|network|cut)$/, (r) => r.writeHead(200).end()],
  ["204", /^(?:protocol|network|cut)$/, (r) => r.writeHead(204).end()],
  [
    "204 with a type",
    /^(?:protocol|network|cut)$/,
    (r) => r.writeHead(204, { "content-type": "text/html" }).end(),
  ],
  ["an empty stream", /^(?:protocol|network|cut)$/, (r) => beginEvents(r).end()],
  ["only [DONE]", /^(?:protocol|network|cut)$/, (r) => beginEvents(r).end("data: [DONE]\n\n")],
  [
    "a lie about gzip",
    /^(?:protocol|network|cut)$/,
    (r) =>
      r.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }).end("no gzip"),
  ],
  [
    "fewer bytes than it said",
    /^(?:network|cut)$/,
    (r) =>
      r
        .writeHead(200, { "content-type": "text/event-stream", "content-length": "999" })
        .write(": x\n\n", () => r.destroy()),
  ],
  ["another protocol", /^(?:network|cut)$/, (r) => r.socket?.end("SSH-2.0-x\r\n")],
  ["a line of 50 MB", /^protocol$/, (r) => endless(beginEvents(r), 50)],
  ["an error without a body", /^server$/, (r) => r.writeHead(500).end()],
  [
    "an error as a web page",
    /^server$/,
    (r) => r.writeHead(502, { "content-type": "text/html" }).end(`<h1>Bad</h1>\u001b[2J${"x".repeat(9_000)}`),
  ],
  [
    "an error of 20 MB",
    /^server$/,
    (r) =>
      r
        .writeHead(500, { "content-type": "application/json" })
        .end(`{"error":{"message":"${"y".repeat(20_000_000)}"}}`),
  ],
  [
    "an error that is a list",
    /^bad-request$/,
    (r) => r.writeHead(400, { "content-type": "application/json" }).end("[[[]]]"),
  ],
  [
    "an error of nulls",
    /^bad-request$/,
    (r) => r.writeHead(422, { "content-type": "application/json" }).end('{"error":null}'),
  ],
];
/** A line that never ends, as fast as it is taken. */
export function endless(response: ServerResponse, megabytes: number): void {
  const piece = Buffer.alloc(2 ** 20, "a");
  let left = megabytes;
  response.write('event: message_start\ndata: {"type":"');
  const more = (): void => {
    if (response.destroyed) return;
    if (left-- > 0) response.write(piece, more);
    else response.end();
  };
  more();
}

/** Moves the clock on, a step at a time, whenever nothing else moves, until `work` is done; gives the time it took. */
export async function advanceUntil(
  work: Promise<unknown>,
  clock: ManualClock,
  step = 20_000,
): Promise<number> {
  let done = false;
  const settled = work.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  let waited = 0;
  while (!done && waited < 20 * 60_000) {
    for (let turn = 0; turn < 25 && !done; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (done || clock.pending() === 0) continue;
    await clock.advance(step);
    waited += step;
  }
  await settled;
  return waited;
}
