import { jsonWord, listOfWord } from "./json-word.ts";

/**
 * Where a reply stands: what a run or a turn told after one of its events, until it asks or ends. This is all that a door has
 * to know of it, so that it keeps nothing.
 */
export type ReplyPlace = RunPlace | TurnPlace;

/** A reply of a run. */
export interface RunPlace {
  readonly kind: "run";
  readonly run: string;
  /** The number of the event that told of the answer after which the reply begins; 0 for the start. */
  readonly from: number;
  /** How often the same question was asked again, because an answer did not fit. */
  readonly again: number;
}

/** A reply of a turn of a conversation. */
export interface TurnPlace {
  readonly kind: "turn";
  readonly chat: string;
  readonly session: string;
  readonly turn: string;
  readonly from: number;
  readonly again: number;
}

/** A place as one word. */
export function placeText(place: ReplyPlace): string {
  const { from, again } = place;
  const at = place.kind === "run" ? ["r", place.run] : ["t", place.chat, place.session, place.turn];
  return jsonWord([...at, from, again]);
}

/** Reads what {@link placeText} wrote; `undefined` for any other text. */
export function placeOf(text: string): ReplyPlace | undefined {
  const [kind, ...rest] = listOfWord(text) ?? [];
  const texts = rest.filter((field) => typeof field === "string");
  const [from, again, ...none] = rest.slice(texts.length);
  if (!isCount(from) || !isCount(again) || none.length > 0) return undefined;
  const [first = "", session = "", turn = ""] = texts;
  if (kind === "r" && texts.length === 1) return { kind: "run", run: first, from, again };
  if (kind !== "t" || texts.length !== 3) return undefined;
  return { kind: "turn", chat: first, session, turn, from, again };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
