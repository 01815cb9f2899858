import type { PartHole } from "./part-place.ts";

/** The recorded output of a state, kept as JSON text while states only pass it on. */
export class Undecoded {
  /** JSON text. */
  readonly text: string;
  /** The number of the record that holds it. */
  readonly record: number;
  /** What is missing in the text. */
  readonly parts: readonly PartHole[] | undefined;

  constructor(text: string, record: number, parts: readonly PartHole[] | undefined) {
    this.text = text;
    this.record = record;
    this.parts = parts;
  }
}
