/** The work inside the states. Every subject does the same, so what differs is the subject. */

/** How many bytes a step adds in the cases that grow. */
export const PIECE_BYTES = 100;

/** The states of a pipeline: `count` functions of their own that each add one. */
export function adders(count: number): readonly ((value: number) => Promise<number>)[] {
  return Array.from({ length: count }, () => async (value: number) => value + 1);
}

/** The states of a pipeline that hands on what it is given. */
export function passers(count: number): readonly ((value: string) => Promise<string>)[] {
  return Array.from({ length: count }, () => async (value: string) => value);
}

/** A large text, and how many states it went through. */
export interface Document {
  readonly big: string;
  readonly i: number;
}

/** The states of a pipeline that hands on a text in an object with a number. */
export function stampers(count: number): readonly ((value: Document) => Promise<Document>)[] {
  return Array.from({ length: count }, () => async ({ big, i }: Document) => ({ big, i: i + 1 }));
}

/** The length of the text, where as many states as wanted have had it. */
export function lengthAfter({ big, i }: Document, count: number): number {
  return i === count ? big.length : -1;
}

/** Takes a millisecond, and adds one. */
export function addLater(value: number): Promise<number> {
  return new Promise((resolve) => setTimeout(resolve, 1, value + 1));
}

/** What step number `step` adds to the log. */
export function pieceOf(step: number): string {
  return String(step).padStart(PIECE_BYTES, ".");
}

/** 1 to `count`. */
export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** 1 + 2 + ... + `count`, each with one added. */
export function sumAfter(count: number): number {
  return (count * (count + 1)) / 2 + count;
}

/** A text of one million characters. */
export function million(): string {
  return "0123456789".repeat(100_000);
}

/** What the fake model answers at the end. */
export const ANSWER = "The sum is known.";

/** A streamed delta. */
export const DELTA = "word ";
