/**
 * The part of a request that a provider refuses. One such part in a history would spoil every later turn, so it is
 * found by what the provider says and by what it took before, and the call is made again with less of it.
 */
import { cutText } from "../platform/cut-text.ts";
import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  Message,
  Opaque,
  Origin,
  TextPart,
  ToolResultPart,
} from "../words/message.ts";
import { systemMessage } from "../words/message.ts";
import type { ModelFailure, ModelRequest, ToolSpec } from "../words/model.ts";
import { fileStub } from "./normalize.ts";

/** How a refused part goes out instead: not at all, without the provider's own data, as text, without control characters, or with a schema that allows everything. */
export type RepairWay = "left-out" | "plain" | "as-text" | "clean" | "loose";

/** Refused parts of requests: parts of messages, tools, or the wish for an answer that fits a schema. */
export type RefusedParts = Map<object, RepairWay>;

const SAYS: readonly (readonly [RepairWay, RegExp])[] = [
  ["loose", /schema|\btools?[.[]\d|response_format|output_config|text\.format/i],
  ["left-out", /image|picture|media.?type|\bpdf\b|document|base64|\bfiles?\b|\bfile_|audio|video/i],
  [
    "plain",
    /reasoning|thinking|signature|encrypted|\bitems?\b|server_tool|web_search|_call\b.{0,40}id|citation|previous_response/i,
  ],
  [
    "as-text",
    /tool_use|tool_call|tool_result|function.?call|tool.?call|tool message|thought_signature|\btools?\b/i,
  ],
  [
    "clean",
    /unicode|surrogate|utf-?8|(?:control|invalid|illegal) character|null (?:byte|character)|u0000|valid json/i,
  ],
];

/** Kinds of failures that a part of the request can be the reason of. */
const BY_A_PART: ReadonlySet<ModelFailure["kind"]> = new Set(["bad-request", "not-found"]);

/**
 * Finds the parts that the provider may mean: those of the kind that it names, after the last message that it answered
 * itself, as it took all before that; with `wide` all of that kind, in each way that helps. Empty when nothing fits.
 */
export function suspectsOf(
  request: ModelRequest,
  failure: ModelFailure,
  target: Origin,
  wide: boolean,
): RefusedParts {
  const found: RefusedParts = new Map();
  const ways = waysOf(failure);
  if (ways.length === 0) return found;
  const from = wide ? 0 : lastAnswered(request.messages, target);
  for (const start of new Set([from, 0])) {
    for (const way of wide ? [...ways, ...WIDER] : ways) collect(found, request, failure, way, start);
    if (found.size > 0) break;
  }
  return found;
}

/** A rule of the house, or a setting, that no part of the history is the reason of. */
const BY_A_RULE = /content.?(?:policy|filter|management)|safety|moderat|violat/i;
const BY_A_SETTING = /parameter|max_tokens|temperature|api.?version|header|\bmodel\b/i;

/** The ways to repair what the failure is about; none where no part can be the reason. */
function waysOf({ kind, message }: ModelFailure): readonly RepairWay[] {
  if (!BY_A_PART.has(kind) || BY_A_RULE.test(message)) return [];
  // A model or an address that is missing stays so.
  if (kind === "not-found" && !/item|reasoning|file|image|input/i.test(message)) return [];
  const said = SAYS.flatMap(([way, words]) => (words.test(message) ? [way] : []));
  if (said.length > 0) return said;
  return BY_A_SETTING.test(message) ? [] : ["left-out", "plain", "clean"];
}

const WIDER: readonly RepairWay[] = ["left-out", "plain", "clean", "as-text"];

function lastAnswered(messages: readonly Message[], target: Origin): number {
  const at = messages.findLastIndex(
    (message) =>
      message.role === "assistant" &&
      message.finish.error === undefined &&
      message.origin.provider === target.provider &&
      message.origin.model === target.model,
  );
  return Math.max(0, at);
}

function collect(
  found: RefusedParts,
  request: ModelRequest,
  failure: ModelFailure,
  way: RepairWay,
  from: number,
): void {
  if (way === "loose") {
    for (const part of refusedSchemas(request, failure.message)) found.set(part, way);
    return;
  }
  for (const message of request.messages.slice(from)) {
    for (const part of message.content) {
      for (const inner of [part, ...innerParts(part)]) if (FITS[way](inner)) found.set(inner, way);
    }
  }
}

type Part = Message["content"][number];

function innerParts(part: Part): readonly (TextPart | FilePart)[] {
  return part.type === "tool-result" && typeof part.output !== "string" ? part.output : [];
}

/** Control characters that are no white space: some servers refuse a text with them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

function hasControl(text: string): boolean {
  return text.search(CONTROL) >= 0;
}

const FITS: { readonly [way in Exclude<RepairWay, "loose">]: (part: Part) => boolean } = {
  "left-out": (part) => part.type === "file" || ("opaque" in part && holdsBytes(part.opaque)),
  plain: (part) => part.type === "reasoning" || ("opaque" in part && part.opaque !== undefined),
  "as-text": ({ type }) => type === "tool-call" || type === "tool-result",
  clean: (part) => {
    if (part.type === "tool-result") return typeof part.output === "string" && hasControl(part.output);
    if ((part.type === "text" || part.type === "refusal") && hasControl(part.text)) return true;
    return dataHasControl(part);
  },
};

/** Whether the provider's own data of a part has such characters, which JSON writes as escapes. */
function dataHasControl(part: Part): boolean {
  if (!("opaque" in part) || part.opaque === undefined) return false;
  return /\\u00(?:0[0-8bcef]|1[0-9a-f])/.test(JSON.stringify(part.opaque));
}

/** Whether the provider's own data of a part is a file, or has one in it: a picture that it drew, a page that it read. */
function holdsBytes(opaque: Opaque | undefined): boolean {
  return opaque !== undefined && /"base64"|data:[\w.+-]+\/[\w.+-]+;base64,/.test(JSON.stringify(opaque));
}

/** The tools that the provider names, by name or by position, and the schema of the answer. */
function refusedSchemas({ tools = [], output }: ModelRequest, message: string): readonly object[] {
  const named = tools.filter(({ name }, at) => {
    const quoted = new RegExp(`(?<![\\w-])${name.replace(/[^\w-]/g, "\\$&")}(?![\\w-])`);
    return quoted.test(message) || new RegExp(`\\btools?(?:\\.|\\[)${at}\\b`).test(message);
  });
  if (named.length > 0) return named;
  const meant = /response_format|output_config|text\.format|output[ _.]?schema|json_schema/i.test(message);
  return output !== undefined && (meant || tools.length === 0) ? [output] : tools;
}

/** A request without what was refused, and what the user is told about it. */
export interface RepairedRequest {
  readonly request: ModelRequest;
  readonly told: readonly string[];
}

/** Writes the request again without the refused parts, as `refused` says. Gives the request itself where it has none. */
export function withoutRefused(
  request: ModelRequest,
  refused: Pick<RefusedParts, "get">,
  provider: string,
): RepairedRequest {
  const told = new Set<string>();
  const writing: Writing = { refused, told, why: `${provider} refused it` };
  const messages = request.messages.map((message) => withoutRefusedParts(message, writing));
  const tools = request.tools?.map((tool) => loosened(tool, writing));
  const { output, ...rest } = { ...request, messages, ...(tools && { tools }) };
  if (output === undefined || refused.get(output) === undefined) {
    return { request: told.size === 0 ? request : { ...rest, ...(output && { output }) }, told: [...told] };
  }
  told.add("The schema of the answer is told in words only");
  const words = `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(output.schema)}`;
  return { request: { ...rest, messages: [systemMessage(words), ...messages] }, told: [...told] };
}

interface Writing {
  readonly refused: Pick<RefusedParts, "get">;
  readonly told: Set<string>;
  readonly why: string;
}

/** A tool stays callable: what the model writes is checked by its own schema all the same. */
function loosened(tool: ToolSpec, { refused, told }: Writing): ToolSpec {
  if (refused.get(tool) === undefined) return tool;
  told.add(`The schema of the tool "${tool.name}" is told in words only`);
  const words = cutText(JSON.stringify(tool.schema), LONGEST_SCHEMA);
  return {
    name: tool.name,
    description: `${tool.description}\nThe arguments are one JSON object. It must fit this JSON Schema: ${words}`,
    schema: { type: "object", properties: {} },
  };
}

const LONGEST_SCHEMA = 4_000;

function withoutRefusedParts(message: Message, writing: Writing): Message {
  switch (message.role) {
    case "system":
      return { ...message, content: message.content.map((part) => cleaned(part, writing)) };
    case "user":
      return { ...message, content: message.content.map((part) => plainPart(part, writing)) };
    case "assistant":
      return assistantWithout(message, writing);
    case "tool": {
      const content = message.content.map((part) => resultWithout(part, writing));
      if (!content.some((_, at) => writing.refused.get(message.content[at]!) === "as-text"))
        return { ...message, content };
      writing.told.add("Calls of tools and their results are told as text");
      return { role: "user", content: content.flatMap(resultAsText) };
    }
  }
}

function cleaned<TPart extends { readonly text: string }>(part: TPart, { refused, told }: Writing): TPart {
  if (refused.get(part) !== "clean") return part;
  told.add("Control characters are left out");
  return { ...part, text: withoutControl(part.text) };
}

function plainPart(part: TextPart | FilePart, writing: Writing): TextPart | FilePart {
  if (part.type === "text") return cleaned(part, writing);
  if (writing.refused.get(part) !== "left-out") return part;
  const stub = fileStub(part, writing.why);
  writing.told.add(stub.text.slice(1, -1));
  return stub;
}

function resultWithout(part: ToolResultPart, writing: Writing): ToolResultPart {
  if (typeof part.output !== "string")
    return { ...part, output: part.output.map((inner) => plainPart(inner, writing)) };
  if (writing.refused.get(part) !== "clean") return part;
  writing.told.add("Control characters are left out");
  return { ...part, output: withoutControl(part.output) };
}

function resultAsText({ name, output, isError }: ToolResultPart): readonly (TextPart | FilePart)[] {
  const head = `[${isError ? "Error" : "Result"} of the tool ${name}]`;
  if (typeof output === "string") return [{ type: "text", text: `${head}\n${withoutControl(output)}` }];
  return [{ type: "text", text: head }, ...output.map(cleanPart)];
}

function assistantWithout(message: AssistantMessage, writing: Writing): AssistantMessage {
  const { refused, told } = writing;
  // A file that the provider made goes with its own data, too.
  const ways = message.content.map((part) => refused.get(part));
  const plain = message.content.some((part, at) => {
    return ways[at] === "clean" ? dataHasControl(part) : ways[at] === "plain" || ways[at] === "left-out";
  });
  if (plain) told.add("What the model thought, and other data of the provider, is left out");
  // All or nothing: a part that refers to a part that is gone is refused too.
  const content = message.content.flatMap((before): readonly AssistantPart[] => {
    if (plain && before.type === "reasoning") return [];
    // What was refused is known by the part as it stood in the message.
    const part = before.type === "text" ? cleaned(before, writing) : before;
    const own = plain ? withoutOpaque(part) : part;
    return [own.type === "tool-call" && writesCall(message, own, refused) ? callAsText(own) : own];
  });
  return { ...message, content };
}

function writesCall(
  { content }: AssistantMessage,
  { id }: { readonly id: string },
  refused: Writing["refused"],
): boolean {
  return content.some(
    (part) => part.type === "tool-call" && part.id === id && refused.get(part) === "as-text",
  );
}

/** A part that is told in another way has not been looked at for control characters, and goes without. */
function cleanPart(part: TextPart | FilePart): TextPart | FilePart {
  return part.type === "text" ? { ...part, text: withoutControl(part.text) } : part;
}

function withoutControl(text: string): string {
  return text.replace(CONTROL, "");
}

function callAsText({ name, rawInput }: { readonly name: string; readonly rawInput: string }): TextPart {
  return { type: "text", text: `[Called the tool ${name} with ${rawInput.trim() || "{}"}]` };
}

function withoutOpaque(part: AssistantPart): AssistantPart {
  if (!("opaque" in part)) return part;
  const { opaque: _opaque, ...rest } = part;
  return rest;
}
