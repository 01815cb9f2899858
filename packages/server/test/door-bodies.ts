/** Requests that no client of the protocol sends: bent and huge bodies, wrong tokens, foreign pages, readers that do not read. */
import { connect } from "node:net";
import { orchestration, runnable, speech } from "@orch/core";
import fc from "fast-check";
import { expect } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { anyLetter } from "../../testing/src/store/any-letter.ts";
import { createServer } from "../src/server/create-server.ts";
import { articleInput } from "./article.ts";
import type { SuiteTools } from "./door-suite.ts";
import { LET_IN } from "./served-article.ts";

/** Adds the tests. */
export function bodyTests(tools: SuiteTools): void {
  bentBodies(tools);
  guardTests(tools);
  slowReader(tools);
}

/** A request with another body. */
async function withBody(request: Request, body: string): Promise<Request> {
  return new Request(request.url, { method: request.method, headers: request.headers, body });
}

function bentBodies({ under, define, serve }: SuiteTools): void {
  const place = (url: string) => ({ url, headers: { ...LET_IN, "x-principal": "ada" } });

  define(
    "bodies",
    "refuses malformed and huge bodies in the protocol's own form, and serves on",
    async () => {
      const errors: unknown[] = [];
      const { url, server } = await serve({ onError: (error) => errors.push(error) });
      const start = under.startRequest(place(url), "tides");
      const whole = await start.text();
      const huge = whole.replace("tides", "x".repeat(2_000_000));
      for (const body of ["", "{", "null", "[]", '"tides"', `${whole}}`, whole.slice(0, -3), huge]) {
        const response = await fetch(await withBody(under.startRequest(place(url), "tides"), body));
        const text = await response.text();
        expect(
          under.isProtocolError(response, text),
          `${body.slice(0, 40)} gives ${response.status} ${text}`,
        ).toBe(true);
      }
      expect(errors).toEqual([]);
      expect(await server.runs({ id: "ada" }).list()).toEqual([]);
      expect((await fetch(under.startRequest(place(url), "tides"))).ok).toBe(true);
    },
  );

  define(
    "fuzz",
    "answers any body with an error of the protocol or a run, and never fails itself",
    async () => {
      const errors: unknown[] = [];
      const tried = budget("fuzzedBodies");
      const server = createServer({
        doors: under.doors(),
        orchestrations: {
          article: {
            orchestration: orchestration("article", (o) => {
              const echo = runnable("echo", ({ topic }: { topic: string }) => topic);
              return o.start(echo).finish(echo);
            }),
            input: articleInput,
          },
        },
        limits: { running: 1_000_000 },
        onError: (error) => errors.push(error),
      });
      const whole = await under.startRequest(place("http://localhost"), "tides").text();
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(bentTexts(whole), async (body) => {
          const request = await withBody(under.startRequest(place("http://localhost"), "tides"), body);
          const response = await server.fetch(request);
          const text = await response.text();
          expect(errors).toEqual([]);
          if (under.isProtocolError(response, text)) refused += 1;
          else expect(response.status, text).toBeLessThan(400);
        }),
        { numRuns: tried, seed },
      );
      figure(`door ${under.name}: ${tried} bodies, ${refused} refused, 0 crashes`);
      await server.park();
    },
  );
}

/** Texts around a good body: any text, any JSON, and the good one with a piece cut out, doubled or replaced. */
function bentTexts(whole: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: whole.length });
  const bent = fc
    .tuple(place, place, fc.oneof(fc.string({ unit: anyLetter(), maxLength: 20 }), fc.json({ maxDepth: 2 })))
    .map(([from, to, piece]) => whole.slice(0, Math.min(from, to)) + piece + whole.slice(Math.max(from, to)));
  const values = fc
    .tuple(fc.constantFrom(...leavesOf(whole)), fc.json({ maxDepth: 3 }))
    .map(([leaf, value]) => whole.replace(leaf, value));
  return fc.oneof(fc.string({ unit: anyLetter(), maxLength: 200 }), fc.json(), bent, values);
}

/** The values in a text of JSON, as they stand there. */
function leavesOf(whole: string): readonly string[] {
  return [...whole.matchAll(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null|\d+)\b/g)].map(([leaf]) => leaf);
}

function guardTests({ under, define, serve }: SuiteTools): void {
  define(
    "guard",
    "lets in nobody without the token, from a foreign origin or by a foreign host",
    async () => {
      const { url, server } = await serve();
      const send = (headers: { readonly [name: string]: string }): Promise<Response> =>
        fetch(under.startRequest({ url, headers }, "tides"));
      expect((await send({})).status).toBe(401);
      expect((await send({ authorization: "Bearer token-of-somebody-else-000" })).status).toBe(401);
      expect((await send({ ...LET_IN, origin: "https://evil.example" })).status).toBe(403);
      expect(await statusOfHost(url, "evil.example")).toBe(403);
      expect(await server.runs({ id: "ada" }).list()).toEqual([]);
      const allowed = await send({ ...LET_IN, origin: "https://example.org" });
      expect(allowed.ok).toBe(true);
      expect(allowed.headers.get("access-control-allow-origin")).toBe("https://example.org");
      await allowed.body?.cancel();
    },
  );
}

/** What a request gets that names another host, as a browser sends it after a name was bent to this machine. */
function statusOfHost(url: string, host: string): Promise<number> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET /v1/runs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    let text = "";
    socket.on("data", (data) => {
      text += String(data);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])));
  });
}

/** How many events a run has that nobody reads, each of 1,000 characters. */
const FLOOD = 5000;

function slowReader({ under, define }: SuiteTools): void {
  define("slow", "reads no further than a little ahead of a client that does not read", async () => {
    const flood = runnable("flood", (_: { topic: string }, ctx) => {
      for (let at = 0; at < FLOOD; at++) ctx.emit(speech, "x".repeat(1000));
      return "";
    });
    let pulled = 0;
    const [first, ...others] = under.doors();
    const counting = [first!, ...others].map((door) => ({
      ...door,
      handle: (call: Parameters<typeof door.handle>[0]) => {
        const { runs } = call;
        const follow: typeof runs.follow = async (run, options) => {
          const reading = await runs.follow(run, options);
          return Object.assign(counted(reading), { isOver: reading.isOver });
        };
        const counted = async function* <TEvent>(events: AsyncGenerator<TEvent, void, undefined>) {
          for await (const event of events) {
            pulled += 1;
            yield event;
          }
        };
        const shown = new Proxy(runs, {
          get: (target, name) => {
            if (name === "follow") return follow;
            const value: unknown = Reflect.get(target, name);
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
        return door.handle({ ...call, runs: shown });
      },
    }));
    const server = createServer({
      doors: counting,
      orchestrations: {
        article: { orchestration: orchestration("article", (o) => o.start(flood).finish(flood)) },
      },
    });
    const place = { url: "http://localhost", headers: {} };
    const started = await server.fetch(under.startRequest(place, "tides"));
    let response = started;
    if (under.readRequest !== undefined) {
      const { run } = (await server.runs().list())[0]!;
      await started.text();
      response = await server.fetch(under.readRequest(place, { run, events: [] }));
    }
    const reader = response.body!.getReader();
    await reader.read();
    // Everything that could be read ahead has been, when many turns of the event loop have passed without another.
    for (let still = 0, last = -1; still < 200; still = pulled === last ? still + 1 : 0) {
      last = pulled;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pulled).toBeLessThan(FLOOD / 10);
    await reader.cancel();
    await server.park();
  });
}
