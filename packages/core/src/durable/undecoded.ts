/** What a state gave, as it was recorded, while it is only handed on from state to state. */
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
