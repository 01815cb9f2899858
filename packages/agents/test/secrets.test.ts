import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { orchestration } from "@orch/core";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { figure, shareOf } from "../../../scripts/lanes.ts";
import { sqliteHost, sqliteStore } from "../../sqlite/src/index.ts";
import { agent } from "../src/agent/agent.ts";
import { withRetry } from "../src/providers/wrappers/retry-model.ts";
import { agentRunnable } from "../src/run/agent-runnable.ts";
import { runAgent, streamAgent } from "../src/run/runner.ts";
import type { AgentEvent } from "../src/words/events.ts";
import { answers, type Format, formats } from "./hostile-answers.ts";
import { beginEvents, type HostileServer, hostileServer } from "./hostile-server.ts";

/** Keys that no pattern knows, with characters that each way of writing writes differently. */
const API_KEY = 'kanari+7f3a/9c"Zq==Wx8';
const HEADER = "vogel-41d0/aa~b+C9";
const ONCE = "singt.66e2=Qp?k";

const FORMS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => Buffer.from(secret).toString("base64"),
  (secret) => Buffer.from(secret).toString("base64url"),
  encodeURIComponent,
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
];
const WANTED = [API_KEY, HEADER, ONCE].flatMap((secret) => FORMS.map((form) => form(secret)));
/** Everything a server may echo, whatever the form. */
const ECHO = WANTED.map((form, at) => `form ${at}: ${form}`).join(" ; ");

let searched = 0;
let hits = 0;
afterAll(() => {
  figure(`secrets: ${searched} texts searched for ${WANTED.length} forms of 3 keys, ${hits} hits`);
});

/** Fails when a text holds a key in any form. */
function clean(what: string, text: string): void {
  searched++;
  for (const form of WANTED) {
    if (!text.includes(form)) continue;
    hits++;
    expect.fail(`${what} holds ${form}: ${text.slice(0, 2_000)}`);
  }
}

function cleanError(error: unknown): void {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    clean("a message", at.message);
    clean("a stack", at.stack ?? "");
  }
  clean("toJSON", JSON.stringify(error));
  clean("inspect", inspect(error, { depth: 20, showHidden: true }));
}

let server: HostileServer;
let reply: (response: ServerResponse) => void;
const logs: string[] = [];
beforeEach(async () => {
  server = await hostileServer((response) => reply(response));
  for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const)
    vi.spyOn(console, method).mockImplementation(
      (...args: unknown[]) => void logs.push(inspect(args, { depth: 20 })),
    );
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    vi.spyOn(stream, "write").mockImplementation((...args: unknown[]) => {
      logs.push(String(args[0]));
      return write(...args);
    });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
  for (const line of logs.splice(0)) clean("a log", line);
});

const body = JSON.stringify({ error: { message: ECHO, type: "x", code: ECHO, param: ECHO } });
const json = { "content-type": "application/json" };

const FAULTS: { readonly [name: string]: (response: ServerResponse, format: Format) => void } = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 413, 422, 429, 500, 503, 529].map((status) => [
      `answers ${status}`,
      (response: ServerResponse) => response.writeHead(status, json).end(body),
    ]),
  ),
  "answers 401 in words": (response) => response.writeHead(401, { "content-type": "text/plain" }).end(ECHO),
  "answers 500 with a long page": (response) =>
    response
      .writeHead(500, { "content-type": "text/html" })
      .end(`${"<p>x</p>".repeat(58)}${ECHO.repeat(40)}`),
  "repeats it in headers": (response) =>
    response
      .writeHead(429, { ...json, "x-request-id": ECHO, "request-id": ECHO, "retry-after": ECHO })
      .end(body),
  "names another type": (response) =>
    response.writeHead(200, { "content-type": `text/html; key=${encodeURIComponent(API_KEY)}` }).end(ECHO),
  "sends elsewhere": (response) =>
    response.writeHead(302, { location: `http://127.0.0.1:1/?key=${encodeURIComponent(API_KEY)}` }).end(),
  "sends an error in the stream": (response, { errorFrame }) =>
    beginEvents(response).end(errorFrame.replace('"busy"', JSON.stringify(ECHO))),
  "sends an error after text": (response, format) =>
    beginEvents(response).end(
      format
        .write(...answers["text"]!)
        .frames.slice(0, 3)
        .join("") + format.errorFrame.replace('"busy"', JSON.stringify(ECHO)),
    ),
  "stops for a reason of its own": (response, { write }) =>
    beginEvents(response).end(write([{ text: ["Hm."] }], { odd: ECHO }).frames.join("")),
  "repeats it in the headers of a stream": (response, { write }) =>
    response
      .writeHead(200, { "content-type": "text/event-stream", "x-request-id": ECHO, "request-id": ECHO })
      .end(write([{ text: ["Hm."] }], { odd: ECHO }).frames.join("")),
  "sends no JSON": (response) => beginEvents(response).end(`event: message_start\ndata: ${ECHO}\n\n`),
  "sends JSON that stops": (response) =>
    beginEvents(response).end(`event: message_start\ndata: {"a":"${ECHO}\n\n`),
  "speaks another protocol": (response) => response.socket?.end(`HTTP/1.1 ${ECHO}\r\n\r\n`),
  "breaks a header": (response) => response.socket?.end(`HTTP/1.1 200 OK\r\n${ECHO}\r\n\r\n`),
  "resets the connection": (response) => response.socket?.resetAndDestroy(),
};

describe.each(formats)("$name", (format) => {
  // Each fault with one of the formats in lane `test`.
  const faults = shareOf(Object.keys(FAULTS), formats.indexOf(format), formats.length);
  test.each(faults)("P8: tells no key when a server %s", async (name) => {
    reply = (response) => FAULTS[name]!(response, format);
    const model = withRetry(
      format.make(server.url, { apiKey: API_KEY, headers: { "x-team": HEADER } } as never),
      { attempts: 2, firstDelay: 1, jitter: false, longestRetryAfter: 1 },
    );
    const talker = agent({ name: "talker", model, settings: { headers: { "x-once": ONCE } } });

    const result = await runAgent(talker, "hi");
    expect(result.stopReason).toBe("error");
    expect(result.failure?.message.length).toBeGreaterThan(5);
    clean("a result", JSON.stringify(result));
    clean("an inspected result", inspect(result, { depth: 20, showHidden: true }));

    const events: AgentEvent[] = [];
    for await (const event of streamAgent(talker, "hi")) events.push(event);
    clean("events", JSON.stringify(events));

    const flow = orchestration("flow", (o) => {
      const state = agentRunnable(talker);
      return o.start(state).finish(state);
    });
    const run = flow.start("hi");
    const seen: unknown[] = [];
    for await (const event of run.events()) seen.push(event);
    clean("a run's events", JSON.stringify(seen));
    clean("a run's events, inspected", inspect(seen, { depth: 20, showHidden: true }));
    cleanError(
      await run.result.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  });
});

describe.each(formats)("$name, in a run that is kept in a database", (format) => {
  const kept = ["answers 401", "answers 500", "sends an error after text", "repeats it in headers"];
  test.each(kept)("leaves no key in the file when a server %s", async (name) => {
    reply = (response) => FAULTS[name]!(response, format);
    const folder = mkdtempSync(join(tmpdir(), "orch-secrets-"));
    const file = join(folder, "runs.db");
    try {
      const model = format.make(server.url, { apiKey: API_KEY, headers: { "x-team": HEADER } } as never);
      const talker = agent({ name: "talker", model, settings: { headers: { "x-once": ONCE } } });
      const flow = orchestration("flow", (o) => {
        const state = agentRunnable(talker);
        return o.start(state).finish(state);
      });
      const host = sqliteHost(file);
      await flow.run("hi", { host, runId: "r" }).catch(cleanError);
      // The log holds all of it now, and the database once the store is closed.
      cleanFiles(file);
      clean("events from the journal", JSON.stringify(await host.events(flow, "r")));
      await host.resume(flow, "r").then((run) => run.result.catch(cleanError));
      await host.close();
      cleanFiles(file);

      const store = sqliteStore(file);
      const records = await store.load("r");
      expect(records?.at(-1)).toMatchObject({ type: "done", value: '"failed"' });
      clean("the journal", JSON.stringify(records));
      await store.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function cleanFiles(file: string): void {
  const there = ["", "-wal", "-shm"].filter((part) => existsSync(file + part));
  expect(there).toContain("");
  for (const part of there) {
    const bytes = readFileSync(file + part);
    clean(`the file${part}`, bytes.toString("latin1"));
    clean(`the file${part}`, bytes.toString("utf8"));
  }
}
