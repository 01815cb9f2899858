import type { Message } from "../words/message.ts";
import type { ModelRequest } from "../words/model.ts";

/** What a character takes of a token, roughly: English prose and code, other alphabets, and scripts of words or syllables. */
const [ASCII, LETTER, IDEOGRAPH] = [1 / 4, 1 / 2, 1];
/** Where the scripts of words and syllables begin: radicals, kana, Han, Hangul, and what follows them. */
const FIRST_IDEOGRAPH = 0x2e80;
/** The estimate for an image or another file. */
const FILE_TOKENS = 1_000;
/** What a message costs besides its text. */
const FRAME_TOKENS = 4;

const counted = new WeakMap<Message, number>();

/**
 * Estimates how many tokens a message takes in a request: a token for four characters of ASCII, for two of another
 * alphabet, and for each one of a script like Han; 1,000 for a file, and 4 for the message itself.
 */
export function estimateTokens(message: Message): number {
  const known = counted.get(message);
  if (known !== undefined) return known;
  let tokens = FRAME_TOKENS;
  for (const part of message.content) {
    if (part.type === "file") tokens += FILE_TOKENS;
    else if (part.type === "tool-call") tokens += inTokens(part.name) + inTokens(part.rawInput);
    else if (part.type === "provider-call") tokens += inTokens(JSON.stringify(part));
    else if (part.type !== "tool-result") tokens += inTokens(part.text);
    else if (typeof part.output === "string") tokens += inTokens(part.output);
    else
      for (const piece of part.output) tokens += piece.type === "file" ? FILE_TOKENS : inTokens(piece.text);
  }
  counted.set(message, tokens);
  return tokens;
}

function inTokens(text: string): number {
  // Most texts have none but ASCII characters, and need no second look.
  if (!/[\u0080-\uffff]/.test(text)) return Math.ceil(text.length * ASCII);
  let tokens = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    tokens += unit < 0x80 ? ASCII : unit < FIRST_IDEOGRAPH ? LETTER : IDEOGRAPH;
  }
  return Math.ceil(tokens);
}

/** Estimates how many tokens a request has, its tools and the schema of its answer included. */
export function estimateRequest({ messages, tools = [], output }: ModelRequest): number {
  const text = messages.reduce((sum, message) => sum + estimateTokens(message), 0);
  const schemas = tools.length === 0 && output === undefined ? "" : JSON.stringify([tools, output?.schema]);
  return text + inTokens(schemas);
}
