import type { Message } from "../words/message.ts";

/** Characters of a token, roughly, in the languages that most models were made for. */
const CHARACTERS = 4;
/** The estimate for an image or another file. */
const FILE_TOKENS = 1_000;
/** What a message costs besides its text. */
const FRAME_TOKENS = 4;

const counted = new WeakMap<Message, number>();

/** Estimates how many tokens a message takes in a request: a quarter of its characters, and a flat figure for files. */
export function estimateTokens(message: Message): number {
  const known = counted.get(message);
  if (known !== undefined) return known;
  let tokens = FRAME_TOKENS;
  for (const part of message.content) {
    if (part.type === "file") tokens += FILE_TOKENS;
    else if (part.type === "tool-call") tokens += inTokens(part.name) + inTokens(part.rawInput);
    else if (part.type !== "tool-result") tokens += inTokens(part.text);
    else if (typeof part.output === "string") tokens += inTokens(part.output);
    else
      for (const piece of part.output) tokens += piece.type === "file" ? FILE_TOKENS : inTokens(piece.text);
  }
  counted.set(message, tokens);
  return tokens;
}

function inTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS);
}
