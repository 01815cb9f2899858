/** What is drawn in a random walk: what users send, what models answer, what tools give, what providers refuse. */
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { SceneAnswer, SceneCall } from "@orch/testing/models";
import { z } from "zod";
import type { ModelSettings } from "../../src/agent/agent.ts";
import { type Tool, tool } from "../../src/agent/tool.ts";
import { mcpTool } from "../../src/tools/mcp/mcp-tool.ts";
import type { FilePart, Message, TextPart } from "../../src/words/message.ts";
import type { WireName } from "../scenes.ts";
import type { Draw } from "./draw.ts";
import type { Plain } from "./law.ts";
import { offersRuns, ranAt } from "./provider-runs.ts";
import type { Act, Dislike } from "./walk-server.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const JPEG = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////";
const PDF = btoa("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n");

const TEXTS: readonly string[] = [
  "Hello.",
  "Grüße, 世界 👋🏽",
  "half \ud83d of a pair",
  "\udc4b begins with one",
  "a \u0000 b \u0007 c \u001b[31m",
  "   ",
  "",
  "\n\n",
  "<think>not a thought</think>",
  "\u202eright to left",
  '{"json": true}',
  "x".repeat(3_000),
  `${"word ".repeat(900)}👩‍👩‍👧‍👦`,
];

/** Files as users and tools bring them, with labels that lie. */
function file(draw: Draw): FilePart {
  const name = draw.of("a.png", "b", "", "ü ".repeat(40), "c/../d.pdf");
  const named = name === "" ? {} : { name };
  return draw.of<() => FilePart>(
    () => ({ type: "file", mediaType: "image/png", data: PNG, ...named }),
    () => ({ type: "file", mediaType: "image/jpg", data: JPEG, ...named }),
    () => ({ type: "file", mediaType: "IMAGE/PNG; q=1", data: JPEG, ...named }),
    () => ({ type: "file", mediaType: "image/*", url: "https://example.com/a.png", ...named }),
    () => ({
      type: "file",
      mediaType: "image/png",
      url: `data:image/gif;base64,${btoa("GIF89a........")}`,
      ...named,
    }),
    () => ({
      type: "file",
      mediaType: "image/bmp",
      data: btoa("BM\u0001\u0001\u0001\u0001\0\0\0\0...."),
      ...named,
    }),
    () => ({ type: "file", mediaType: "image/svg+xml", data: btoa("<svg/>"), ...named }),
    () => ({ type: "file", mediaType: "image/png", data: PNG.replace(/.{20}/g, "$&\n"), ...named }),
    () => ({ type: "file", mediaType: "application/pdf", data: PDF, ...named }),
    () => ({ type: "file", mediaType: "application/pdf", url: "https://example.com/a.pdf", ...named }),
    () => ({ type: "file", mediaType: "text/plain", data: btoa("plain text"), ...named }),
    () => ({ type: "file", mediaType: "text/plain", data: btoa("   "), ...named }),
    () => ({ type: "file", mediaType: "audio/mpeg", data: btoa("ID3...."), ...named }),
    () => ({ type: "file", mediaType: "image/png", data: "", ...named }),
    () => ({ type: "file", mediaType: "image/png", data: "not base64!", ...named }),
    () => ({ type: "file", mediaType: "", data: PNG, ...named }),
    () => ({ type: "file", mediaType: "application/octet-stream", data: btoa("\u0000\u0001"), ...named }),
  )();
}

/** What a user says, a system message before it now and then. */
export function said(draw: Draw): readonly Message[] {
  const text = (): TextPart => ({ type: "text", text: draw.of(...TEXTS) });
  const parts = Array.from({ length: draw.below(3) + (draw.chance(0.05) ? 30 : 0) }, () =>
    draw.chance(0.5) ? text() : file(draw),
  );
  const user: Message = {
    role: "user",
    content: [...(draw.chance(0.8) ? [text()] : []), ...parts],
    ...(draw.chance(0.1) && { cache: true as const }),
  };
  if (!draw.chance(0.1)) return [user];
  return [{ role: "system", content: draw.chance(0.8) ? [text()] : [] }, user];
}

/** What an agent asks its models for. */
export function settings(draw: Draw): ModelSettings {
  const maybe = <TValue>(share: number, value: TValue): TValue | undefined =>
    draw.chance(share) ? value : undefined;
  const drawn: { readonly [key: string]: unknown } = {
    reasoning: maybe(0.5, draw.of("none", "low", "high", "max")),
    cache: maybe(0.3, draw.of("none", "short", "long")),
    sessionId: maybe(0.3, draw.of("s1", "s".repeat(200))),
    maxOutputTokens: maybe(0.3, draw.of(64, 2_000, 30_000)),
    temperature: maybe(0.2, draw.of(0, 0.7, 1)),
    stop: maybe(0.1, draw.of(["END"], ["a", "b", "c", "d"])),
    parallelToolCalls: maybe(0.2, draw.chance(0.5)),
  };
  return Object.fromEntries(
    Object.entries(drawn).filter(([, value]) => value !== undefined),
  ) as ModelSettings;
}

/** Tools whose results are as odd as those of real ones. */
export function tools(draw: Draw): readonly Tool[] {
  const look = tool({
    name: "look",
    description: "Looks.",
    input: z.object({ at: z.string() }),
    invoke: () =>
      draw.of<() => string | readonly (TextPart | FilePart)[]>(
        () => draw.of(...TEXTS),
        () => [file(draw)],
        () => [{ type: "text", text: draw.of(...TEXTS) }, file(draw), file(draw)],
        () => [],
      )(),
  });
  const count = tool({
    name: "count",
    description: "Counts.",
    input: z.object({ of: z.number(), unit: z.string().optional() }),
    invoke: ({ of }) => {
      if (of < 0) throw new RangeError(`less than nothing \ud83d: ${of}`);
      return { of, list: [1, 2, null] };
    },
  });
  const pay = tool({
    name: "pay",
    description: "Pays.",
    input: z.record(z.string(), z.number()),
    approve: true,
    invoke: () => "paid",
  });
  return [look, count, pay].filter(() => draw.chance(0.8));
}

/** Tools of a server of the Model Context Protocol: names that are no names, and results of every kind of block. */
export function serverTools(draw: Draw): readonly Tool[] {
  if (!draw.chance(0.4)) return [];
  const config = { name: "lab", command: "none", approve: false } as const;
  const inputSchema = { type: "object" as const, properties: { at: { type: "string" } } };
  const block = (): CallToolResult["content"][number] =>
    draw.of<() => CallToolResult["content"][number]>(
      () => ({ type: "text", text: draw.of(...TEXTS) }),
      () => ({
        type: "image",
        data: draw.of(PNG, "", "not base64!"),
        mimeType: draw.of("image/png", "image/tiff", ""),
      }),
      () => ({ type: "audio", data: btoa("ID3"), mimeType: "audio/mpeg" }),
      () => ({ type: "resource", resource: { uri: "lab://a", text: draw.of(...TEXTS) } }),
      () => ({ type: "resource", resource: { uri: "lab://b", blob: PDF, mimeType: "application/pdf" } }),
      () => ({ type: "resource_link", uri: "lab://c", name: draw.of("c", "half \ud83d") }),
    )();
  const answer = async (): Promise<CallToolResult> => ({
    content: Array.from({ length: draw.below(4) }, block),
    ...(draw.chance(0.3) && { structuredContent: { list: [1, null], text: draw.of(...TEXTS) } }),
    ...(draw.chance(0.2) && { isError: true }),
  });
  const names = ["read", "read it! ü", "r".repeat(90)];
  return names
    .filter(() => draw.chance(0.6))
    .map((name) => mcpTool(config, { name, description: draw.of(...TEXTS), inputSchema }, answer));
}

function call(draw: Draw, at: number): SceneCall {
  const id = draw.of(
    `call_${at}`,
    `call_${at}`,
    "",
    `fc|${at}:x.y`,
    `c${"0".repeat(70)}${at}`,
    `toolu_${draw.below(1e9)}`,
    "same",
  );
  const name = draw.of("look", "look", "count", "pay", "lab__read", "unknown_tool", "look up!", "");
  const rawInput = draw.of(
    '{"at":"here"}',
    '{"at":"👋"}',
    '{"of":3}',
    '{"of":-1}',
    "",
    "{}",
    '{"at":"he',
    "[1,2]",
    "null",
    '{"a":1}',
  );
  return { id, name, rawInput };
}

/** What a provider does with one request. */
export function act(draw: Draw, body: Plain, wire: WireName): Act {
  const roll = draw.fraction();
  if (roll < 0.03) return { type: "fail", status: draw.of(500, 503, 529), message: "overloaded" };
  if (roll < 0.05) return { type: "fail", status: 429, message: "Rate limit reached." };
  const mayCall = Array.isArray(body["tools"]) && body["tools"].length > 0;
  const calls =
    mayCall && draw.chance(0.45)
      ? Array.from({ length: 1 + draw.below(3) }, (_, at) => call(draw, at))
      : undefined;
  const words = draw.of(...TEXTS.map((text) => text.toWellFormed()));
  const answer: SceneAnswer = {
    ...(draw.chance(0.35) && { reasoning: draw.of("Let me think. 🤔", "x".repeat(500), "a\n\nb") }),
    ...((calls === undefined || draw.chance(0.4)) && { text: words }),
    ...(calls && { calls }),
    ...(draw.chance(0.6) && { usage: { input: draw.below(500), output: draw.below(300) } }),
    ...(draw.chance(0.06) && { end: draw.of("length", "filtered", "unknown") }),
  };
  if (draw.chance(0.03))
    return { type: "say", answer: { refusal: "I will not.", usage: { input: 1, output: 1 } } };
  const runs = offersRuns(body) && draw.chance(0.6) ? 1 + draw.below(3) : 0;
  const ran = Array.from({ length: runs }, () => ranAt(wire, draw, draw.below(1e9)));
  return draw.chance(0.07)
    ? { type: "say", answer, ran, cut: draw.of("no-end", "error-event", "reset") }
    : { type: "say", answer, ran };
}

/** What a provider may take a dislike to, each with its own words for it. */
export const DISLIKES: readonly Dislike[] = [
  { mark: PNG.slice(40, 80), message: "Could not process image" },
  {
    mark: JPEG.slice(0, 30),
    message: "messages.0.content.1.image.source.base64: the image was specified wrongly",
  },
  { mark: PDF.slice(0, 20), message: "The PDF specified was not valid." },
  { mark: "enc_", message: "The encrypted content could not be verified." },
  { mark: '"signature":"', message: "messages.1.content.0: Invalid `signature` in `thinking` block" },
  { mark: "\\u0000", message: "invalid character: null byte in string" },
  { mark: "\\u0007", message: "text contains invalid unicode: control character" },
  {
    mark: /"(?:tool_calls|tool_use|function_call)"/,
    message: "Function call is missing a thought_signature in functionCall parts.",
  },
  {
    mark: /"(?:image_)?url":"https:\/\/example.com\/a.png/,
    message: "Unable to download the image from the given URL",
  },
  { mark: PNG.slice(40, 80), message: "Bad Request" },
];

/** How providers say that the input is too long: with the figures, in their tokens, or without. */
export const TOO_LONG: readonly ((now: number, most: number) => string)[] = [
  (now, most) =>
    `This model's maximum context length is ${most} tokens. However, you requested ${now} tokens.`,
  (now, most) => `prompt is too long: ${now} tokens > ${most} maximum`,
  (now, most) => `The input token count (${now}) exceeds the maximum number of tokens allowed (${most}).`,
  (_, most) => `the request exceeds the available context size (${most} tokens), try increasing it`,
  () => "Please reduce the length of the messages or completion.",
];
