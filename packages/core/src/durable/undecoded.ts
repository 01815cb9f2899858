/** The recorded output of a state, kept as JSON text while states only pass it on. */
export class Undecoded {
  /** JSON text. */
  readonly text: string;
  /** The number of the record that holds it. */
  readonly record: number;

  constructor(text: string, record: number) {
    this.text = text;
    this.record = record;
  }
}
