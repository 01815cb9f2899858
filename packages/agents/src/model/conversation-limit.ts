/** Shortens a conversation that a provider calls too long, by the provider's own figures where it tells them. */
import { cutText } from "../platform/cut-text.ts";
import type { FilePart, Message, TextPart, ToolResultPart } from "../words/message.ts";
import type { ModelFailure } from "../words/model.ts";
import { cutPoint } from "./cut-point.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { gapMessage } from "./gap-message.ts";
import { fileStub } from "./normalize.ts";

/** How much of the room is used, since both counts are estimates and the answer needs room too. */
const FILLED = 0.75;
/** The share that is kept where the provider tells no figures. */
const BLIND = 0.5;
/** The share that is kept at most where the first shortening was not enough. */
const AGAIN = 0.25;

/**
 * The estimated tokens that messages may have after a failure `context-length`. A provider tells how long the input was
 * and how long it may be; the ratio of both holds in our own counting too.
 */
export function tokensAllowed(
  messages: readonly Message[],
  { message }: ModelFailure,
  contextWindow: number | undefined,
  again = false,
): number {
  const now = tokensOf(messages);
  const [needed, most] = figuresOf(message);
  const told = needed === undefined || most === undefined ? BLIND : most / needed;
  // Figures that were too much once are not believed again.
  const ratio = again ? Math.min(told, AGAIN) : told;
  const share = now * Math.min(ratio, 1) * FILLED;
  const window = Math.min(
    most ?? needed ?? Number.POSITIVE_INFINITY,
    contextWindow ?? Number.POSITIVE_INFINITY,
  );
  return Math.floor(Math.min(share, window * FILLED));
}

/** The two largest figures of the sentence: how long the input is, and how long it may be. */
function figuresOf(text: string): readonly number[] {
  const figures = [...text.matchAll(/(?<![\w.])\d[\d,_]{2,11}(?![\w.]*\w)/g)].map(([digits]) =>
    Number(digits.replace(/[,_]/g, "")),
  );
  return [...new Set(figures)].sort((a, b) => b - a).slice(0, 2);
}

/**
 * Leaves out the oldest messages, and then cuts the longest texts, until the rest is estimated at `limit` tokens. The
 * last message and the system messages stay. Gives the messages themselves where nothing can be shortened.
 */
export function shortened(messages: readonly Message[], limit: number): readonly Message[] {
  const system = messages.filter(({ role }) => role === "system");
  const rest = messages.filter(({ role }) => role !== "system");
  const room = Math.max(0, limit - tokensOf(system));
  // A long text is cut below, which tells more of it than leaving it out.
  const cut = cutPoint(rest, { keep: room / 2, most: Number.POSITIVE_INFINITY }, estimateTokens);
  const recent = cut === 0 ? rest : [gapMessage(cut), ...rest.slice(cut)];
  const kept = tokensOf(recent) <= room ? recent : withoutOldFiles(recent);
  const small = cutTexts(kept, room);
  const changed = cut > 0 || small.some((message, at) => message !== recent[at]);
  return changed ? [...system, ...small] : messages;
}

function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(message), 0);
}

/** Files stay in the last message only. */
function withoutOldFiles(messages: readonly Message[]): readonly Message[] {
  const stub = (part: TextPart | FilePart): TextPart | FilePart =>
    part.type === "file" ? fileStub(part, TOO_MUCH) : part;
  return messages.map((message, at) => {
    if (at === messages.length - 1) return message;
    if (message.role === "user") return withContent(message, message.content.map(stub));
    if (message.role !== "tool") return message;
    return withContent(
      message,
      message.content.map((result) =>
        typeof result.output === "string" || result.output.every(({ type }) => type === "text")
          ? result
          : { ...result, output: result.output.map(stub) },
      ),
    );
  });
}

const TOO_MUCH = "the conversation was too long";

/** The shortest piece to which texts are cut, in characters. */
const SHORTEST = 256;
const LONGEST = 200_000;

/** Cuts every text that is longer than some length, the greatest with which the messages fit. */
function cutTexts(messages: readonly Message[], room: number): readonly Message[] {
  let small = messages;
  for (let most = LONGEST; tokensOf(small) > room && most >= SHORTEST; most = Math.floor(most / 2)) {
    small = messages.map((message) => cutMessage(message, most));
  }
  return small;
}

function cutMessage(message: Message, most: number): Message {
  switch (message.role) {
    case "system":
      return message;
    case "user":
      return withContent(
        message,
        message.content.map((part) => cutPart(part, most)),
      );
    case "assistant":
      return withContent(
        message,
        // What carries data of the provider goes back as it came or not at all.
        message.content.map((part) =>
          part.type === "text" && part.opaque === undefined ? cutPart(part, most) : part,
        ),
      );
    case "tool":
      return withContent(
        message,
        message.content.map((result) => cutResult(result, most)),
      );
  }
}

function cutResult(result: ToolResultPart, most: number): ToolResultPart {
  const { output } = result;
  if (typeof output === "string") {
    const text = cutLong(output, most);
    return text === output ? result : { ...result, output: text };
  }
  const parts = output.map((part) => cutPart(part, most));
  return parts.every((part, at) => part === output[at]) ? result : { ...result, output: parts };
}

function cutPart<TPart extends TextPart | FilePart>(part: TPart, most: number): TPart {
  if (part.type === "file") return part;
  const text = cutLong((part as TextPart).text, most);
  return text === (part as TextPart).text ? part : { ...part, text };
}

function cutLong(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = cutText(text, most);
  return `${kept}\n[cut: ${text.length - kept.length} of ${text.length} characters left out, as ${TOO_MUCH}]`;
}

/** The message itself where no part changed, so that what is known of it stays known. */
function withContent<TMessage extends Message>(message: TMessage, content: TMessage["content"]): TMessage {
  return content.every((part, at) => part === message.content[at]) ? message : { ...message, content };
}
