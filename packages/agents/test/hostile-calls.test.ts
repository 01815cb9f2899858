import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { figure, thorough } from "../../../scripts/lanes.ts";
import { agent } from "../src/agent/agent.ts";
import { tool } from "../src/agent/tool.ts";
import { runAgent } from "../src/run/runner.ts";
import type { AgentResult } from "../src/words/result.ts";
import { type Format, formats, type Piece } from "./hostile-answers.ts";
import { beginEvents, DONE, type HostileServer, hostileServer, unnamed } from "./hostile-server.ts";

let cases = 0;
afterAll(() => {
  figure(`hostile: ${cases} messages of calls`);
});

let server: HostileServer;
let replies: readonly string[] = [];
let request = 0;
beforeEach(async () => {
  server = await hostileServer((response: ServerResponse) => {
    beginEvents(response).end(replies[request++] ?? replies.at(-1));
  });
});
afterEach(() => server.close());

const cities: string[] = [];
const weather = tool({
  name: "weather",
  description: "x",
  input: z.object({ city: z.string() }),
  invoke: ({ city }) => {
    cities.push(city);
    return `rain in ${city}`;
  },
});

/** Runs an agent on what the server sends; checks that the history is closed and that the next request repeats it. */
async function run(format: Format, calls: string): Promise<AgentResult> {
  cities.length = 0;
  request = 0;
  cases++;
  replies = [calls, format.write([{ text: ["done"] }]).frames.join("")];
  const result = await runAgent(agent({ name: "a", model: format.make(server.url), tools: [weather] }), "hi");
  expect(result.stopReason).toBe("done");
  const [asked, answered] = [result.messages[1], result.messages[2]];
  const ids =
    asked?.role === "assistant"
      ? asked.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []))
      : [];
  expect(answered?.role === "tool" ? answered.content.map((part) => part.id) : []).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(pairsOf(server.seen.at(-1)!.body)).toEqual(ids.length);
  return result;
}

/** How many calls in a body have exactly one result, by an id that the provider takes. */
function pairsOf(body: { readonly [key: string]: unknown }): number {
  const calls: string[] = [];
  const results: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, role, id, call_id, tool_use_id, tool_call_id } = node as { readonly [key: string]: string };
    if (type === "function_call") calls.push(call_id!);
    else if (type === "function_call_output") results.push(call_id!);
    else if (type === "tool_use" || type === "function") calls.push(id!);
    else if (type === "tool_result") results.push(tool_use_id!);
    if (role === "tool") results.push(tool_call_id!);
    Object.values(node).forEach(visit);
  };
  visit(body["messages"] ?? body["input"]);
  expect(results).toEqual(calls);
  expect(new Set(calls).size).toBe(calls.length);
  for (const id of calls) expect(id).toMatch(/^[\w-]{1,64}$/);
  return calls.length;
}

const call = (id: string, city: string): Piece => ({ call: "weather", id, args: [JSON.stringify({ city })] });

describe.each(formats)("$name", (format) => {
  test.each<[string, readonly string[]]>([
    ["doubled", ["same", "same", "same"]],
    ["empty", ["", "", ""]],
    ["10 kB long", ["a".repeat(10_000), "a".repeat(10_001), "b"]],
    ["full of signs", ["a b/c", "é€\u0000", '"}]<script>']],
    ["of a prototype", ["__proto__", "constructor", "toString"]],
    ["like those of another turn", ["call_0", "call_1", "call_0"]],
  ])("runs each call once whose id is %s, and pairs it", async (_what, ids) => {
    const result = await run(format, format.write(ids.map((id, at) => call(id, `c${at}`))).frames.join(""));
    expect(cities.toSorted()).toEqual(["c0", "c1", "c2"]);
    const outputs =
      result.messages[2]?.role === "tool" ? result.messages[2].content.map((part) => part.output) : [];
    expect(outputs).toEqual(["rain in c0", "rain in c1", "rain in c2"]);
  });

  test("reads what calls hold, and runs none that does not fit", async () => {
    const bad = [
      "null",
      "[]",
      '"Oslo"',
      "{",
      '{"city":1}',
      '{"city":"a"}{"city":"b"}',
      "\u0000",
      '{"__proto__":{"city":"x"}}',
      "[".repeat(5_000),
      '{"city":"a"',
    ];
    const pieces: readonly Piece[] = [
      ...bad.map((raw, at): Piece => ({ call: "weather", id: `c${at}`, args: [raw] })),
      { call: "toString", id: "d0", args: ["{}"] },
      { call: "__proto__", id: "d1", args: ["{}"] },
      { call: "x".repeat(10_000), id: "d2", args: ["{}"] },
      { call: "", id: "d3", args: ["{}"] },
      { call: "weather", id: "good", args: ['{"city":"Oslo"}'] },
    ];
    const result = await run(format, format.write(pieces).frames.join(""));
    expect(cities).toEqual(["Oslo"]);
    const results = result.messages[2]?.role === "tool" ? result.messages[2].content : [];
    expect(results.filter((part) => part.isError)).toHaveLength(pieces.length - 1);
    for (const part of results) expect(String(part.output).length).toBeLessThan(1_000);
    expect(Object.prototype).not.toHaveProperty("city");
  });

  // Of one wire format: the limits are above the formats.
  const inShort = thorough || format === formats[0];

  test.runIf(inShort)(
    "takes thousands of calls of one message: runs the first 128, tells of the others, and stays small",
    async () => {
      const calls = format
        .write(Array.from({ length: thorough ? 10_000 : 2_000 }, (_, at) => call(`c${at}`, `${at}`)))
        .frames.join("");
      const before = process.memoryUsage().heapUsed;
      await run(format, calls);
      expect(cities).toHaveLength(128);
      expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(400);
    },
  );

  test.runIf(inShort)(
    "takes arguments of 1 MB in thousands of pieces, and refuses those of 4 MB",
    async () => {
      const piece = "x".repeat(thorough ? 100 : 1_000);
      for (const [size, runs] of [
        [1_000_000, 1],
        [4_000_000, 0],
      ] as const) {
        const args = ['{"city":"', ...Array.from({ length: size / piece.length }, () => piece), '"}'];
        await run(format, format.write([{ call: "weather", id: "c", args }]).frames.join(""));
        expect(cities).toHaveLength(runs);
      }
    },
  );
});

describe("a compatible server", () => {
  const format = formats.find(({ name }) => name === "openai-compatible")!;
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  const TWO = [
    ['{"city"', ':"Oslo"}'],
    ['{"ci', 'ty":', '"Rome"}'],
  ] as const;
  /** What a piece of a call carries, by how the server goes wrong. */
  const QUIRKS: { readonly [quirk: string]: (call: number, piece: number) => object } = {
    "leaves the index out": (at, piece) => (piece === 0 ? { id: `id${at}` } : {}),
    "says null for the index": (at, piece) => ({ index: null, ...(piece === 0 && { id: `id${at}` }) }),
    "says index 0 for all": (at, piece) => ({ index: 0, ...(piece === 0 && { id: `id${at}` }) }),
    "counts the index from 1": (at, piece) => ({ index: at + 1, ...(piece === 0 && { id: `id${at}` }) }),
    "sends a fresh id with every piece": (at, piece) => ({ index: at, id: `id${at}-${piece}` }),
    "repeats the id with every piece": (at) => ({ index: at, id: `id${at}` }),
    "sends no id": (at) => ({ index: at }),
    "sends an empty id": (at) => ({ index: at, id: "" }),
    "sends null for an id": (at) => ({ index: at, id: null }),
  };
  test.each(Object.keys(QUIRKS))("that %s still has both its calls run", async (quirk) => {
    const pieces = TWO.flatMap((parts, at) =>
      parts.map((args, piece) =>
        chunk({
          tool_calls: [
            {
              ...QUIRKS[quirk]!(at, piece),
              type: "function",
              function: { ...(piece === 0 && { name: "weather" }), arguments: args },
            },
          ],
        }),
      ),
    );
    for (const reason of ["tool_calls", "stop", "function_call"]) {
      await run(format, unnamed(...pieces, chunk({}, reason)) + DONE);
      expect(cities).toEqual(["Oslo", "Rome"]);
    }
  });

  test("that sends arguments as objects has them run", async () => {
    const objects = ["Oslo", "Rome"].map((city, index) =>
      chunk({ tool_calls: [{ index, id: `c${index}`, function: { name: "weather", arguments: { city } } }] }),
    );
    await run(format, unnamed(...objects, chunk({}, "tool_calls")) + DONE);
    expect(cities).toEqual(["Oslo", "Rome"]);
  });

  test("that repeats the name with 3,000 pieces and sends no id costs no more than its length", async () => {
    const many = Array.from({ length: 3_000 }, (_, at) =>
      chunk({
        tool_calls: [
          { index: 0, function: { name: "weather", arguments: at === 0 ? '{"city":"' : "x".repeat(50) } },
        ],
      }),
    );
    const end = chunk({ tool_calls: [{ index: 0, function: { name: "weather", arguments: '"}' } }] });
    const before = process.cpuUsage().user;
    await run(format, unnamed(...many, end, chunk({}, "tool_calls")) + DONE);
    expect(cities).toHaveLength(1);
    expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(3_000);
  });
});
