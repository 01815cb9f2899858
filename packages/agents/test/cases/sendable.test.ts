import { expect, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { runAgent } from "../../src/run/runner.ts";
import { type FilePart, type Message, userMessage } from "../../src/words/message.ts";
import { answeringServer, type Body, claude, dialects, gpt, sayItems } from "./answering-server.ts";

/** Half of a surrogate pair, as JSON writes it. */
const HALF = /\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}/i;
const NO_INPUT = z.object({});

for (const dialect of dialects) {
  test(`A01: no half of a character is sent to ${dialect.name}: not of a cut result, nor of a text from outside`, async () => {
    const log = tool({
      name: "log",
      description: "Gives a log.",
      input: NO_INPUT,
      invoke: async () => `${"x".repeat(49_999)}📺 and more`,
    });
    const server = await answeringServer((res, { raw, n }) => {
      if (HALF.test(raw)) return dialect.refuse(res, "not valid JSON: no low surrogate in string");
      if (n === 1) return dialect.say(res, { calls: [{ id: "t1", name: "log", input: {} }] });
      dialect.say(res, { text: "ok" });
    });
    const model = dialect.model(server.url);
    const first = await runAgent(agent({ name: "a", model, tools: [log] }), "go");
    expect(first.stopReason).toBe("done");
    expect(JSON.stringify(first.messages)).not.toMatch(HALF);
    const again = await runAgent(agent({ name: "a", model, tools: [log] }), [
      ...first.messages,
      userMessage("again"),
    ]);
    expect(again.stopReason).toBe("done");
    const broken = agent({ name: "a", model, instructions: "half \udca9 here", tools: [log] });
    expect((await runAgent(broken, "broken \ud83d here")).stopReason).toBe("done");
  });

  test(`A01: halves in a result, in its pieces, in names and in arguments reach ${dialect.name} as whole text`, async () => {
    const odd = tool({
      name: "odd",
      description: "Gives half \ud83d of a character.",
      input: z.object({ q: z.string().describe("with \ud83d half") }),
      invoke: async () => [
        { type: "text" as const, text: "\ude00 first" },
        { type: "text" as const, text: "last \ud83d" },
      ],
    });
    const server = await answeringServer((res, { raw, n }) => {
      if (HALF.test(raw)) return dialect.refuse(res, "not valid JSON: no low surrogate in string");
      if (n === 1) return dialect.say(res, { calls: [{ id: "t1", name: "odd", input: { q: "\ud83d" } }] });
      dialect.say(res, { text: "ok" });
    });
    const result = await runAgent(agent({ name: "a", model: dialect.model(server.url), tools: [odd] }), "go");
    expect(result.failure?.message).toBeUndefined();
    expect(server.bodies).toHaveLength(2);
  });
}

const view = tool({
  name: "view",
  description: "Shows a page.",
  input: NO_INPUT,
  invoke: async () => "page",
});
const callItem = {
  type: "function_call",
  id: "fc_1",
  call_id: "call_1",
  name: "view",
  arguments: "{}",
  status: "completed",
};

for (const [title, item] of [
  ["has nothing but an id", { type: "reasoning", id: "rs_1", summary: [] }],
  ["has an empty content", { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "" }],
  ["has a summary only", { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }] }],
  ["says null", { type: "reasoning", id: "rs_1", summary: [], encrypted_content: null }],
] as const) {
  test(`A02: a reasoning item that ${title} is not sent back, nor the ids that belong to it`, async () => {
    const server = await answeringServer((res, { body, n }) => {
      if (n === 1) return sayItems(res, [item, callItem]);
      const sent: Body[] = body.input;
      if (sent.some((one) => one.type === "reasoning"))
        return gpt.refuse(
          res,
          "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",
          404,
        );
      if (sent.some((one) => one.type === "function_call" && one.id !== undefined))
        return gpt.refuse(
          res,
          "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
        );
      gpt.say(res, { text: "hi" });
    });
    const result = await runAgent(agent({ name: "a", model: gpt.model(server.url), tools: [view] }), "go");
    expect([result.stopReason, result.failure?.message]).toEqual(["done", undefined]);
    expect(server.bodies, "refused nowhere").toHaveLength(2);
  });
}

test("A02: thinking without a signature is not sent back to Anthropic", async () => {
  const server = await answeringServer((res, { body }) => {
    const blocks = body.messages.flatMap(({ content }: Body) => content);
    if (blocks.some((block: Body) => block.type === "thinking"))
      return claude.refuse(res, "messages.1.content.0: Invalid `signature` in `thinking` block");
    claude.say(res, { text: "hi" });
  });
  const model = claude.model(server.url);
  const history: Message[] = [
    userMessage("go"),
    {
      role: "assistant",
      origin: model.id,
      finish: { reason: "stop" },
      content: [
        { type: "reasoning", text: "Hm.", opaque: { signature: "" } },
        { type: "text", text: "Well." },
      ],
    },
    userMessage("on"),
  ];
  const result = await runAgent(agent({ name: "a", model }), history);
  expect(result.stopReason).toBe("done");
  expect(server.bodies).toHaveLength(1);
});

const base64 = (...bytes: number[]): string => Buffer.from(bytes).toString("base64");
const JPEG = base64(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46);
const PNG = base64(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
const WEBP = Buffer.from("RIFF\0\0\0\0WEBPVP8 ", "latin1").toString("base64");
const GIF = Buffer.from("GIF89a\u0001\0\u0001\0", "latin1").toString("base64");
const PDF = Buffer.from("%PDF-1.7\n", "latin1").toString("base64");

const pictures: readonly [string, Omit<FilePart, "type">, string][] = [
  ["a JPEG that is called PNG", { mediaType: "image/png", data: JPEG }, `image/jpeg ${JPEG}`],
  ["a WebP that is called JPEG", { mediaType: "image/jpeg", data: WEBP }, `image/webp ${WEBP}`],
  ["a GIF without a kind", { mediaType: "application/octet-stream", data: GIF }, `image/gif ${GIF}`],
  ["a PNG of any kind", { mediaType: "image/*", data: PNG }, `image/png ${PNG}`],
  ["the old name of JPEG", { mediaType: "image/jpg", data: JPEG }, `image/jpeg ${JPEG}`],
  ["a kind in capitals with a parameter", { mediaType: "IMAGE/PNG; q=1", data: PNG }, `image/png ${PNG}`],
  [
    "a data URL as data",
    { mediaType: "image/png", data: `data:image/png;base64,${PNG}` },
    `image/png ${PNG}`,
  ],
  [
    "a data URL as address",
    { mediaType: "image/png", url: `data:image/png;base64,${JPEG}` },
    `image/jpeg ${JPEG}`,
  ],
  ["a PDF that is called PNG", { mediaType: "image/png", data: PDF }, `application/pdf ${PDF}`],
];

/** The files of a body of Anthropic's, as `kind data`. */
function filesOf(body: Body): string[] {
  const parts = body.messages.flatMap(({ content }: Body) => content);
  const inner = parts.flatMap((part: Body) => (part.type === "tool_result" ? part.content : [part]));
  return inner.flatMap(({ type, source }: Body) =>
    type === "image" || type === "document" ? [`${source.media_type} ${source.data}`] : [],
  );
}

test("A03: a file goes out as what its bytes are, whatever it is called", async () => {
  for (const [title, file, expected] of pictures) {
    const shot = tool({
      name: "shot",
      description: "Takes a picture.",
      input: NO_INPUT,
      invoke: async () => [{ type: "file" as const, ...file }],
    });
    const server = await answeringServer((res, { n }) =>
      claude.say(res, n === 1 ? { calls: [{ id: "t1", name: "shot", input: {} }] } : { text: "seen" }),
    );
    const result = await runAgent(agent({ name: "a", model: claude.model(server.url), tools: [shot] }), "go");
    expect(result.stopReason, title).toBe("done");
    expect(filesOf(server.bodies[1]), title).toEqual([expected]);
  }
});

test("A03: a picture without bytes, and one above the limit in the provider's own counting, is left out and told", async () => {
  const big = PNG.padEnd(5 * 1024 * 1024 + 4, "A");
  for (const data of ["", big]) {
    const server = await answeringServer((res) => claude.say(res, { text: "seen" }));
    const picture: FilePart = { type: "file", mediaType: "image/png", name: "shot.png", data };
    const result = await runAgent(agent({ name: "a", model: claude.model(server.url) }), [
      { role: "user", content: [{ type: "text", text: "See." }, picture] },
    ]);
    expect(result.stopReason).toBe("done");
    expect(filesOf(server.bodies[0])).toEqual([]);
    expect(result.warnings.join()).toContain("shot.png");
  }
});
