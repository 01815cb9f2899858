/** Why records do not fit a definition. */
export class Misfit extends Error {
  readonly record: number;
  readonly path: string;

  constructor(record: number, path: string) {
    super(`record ${record} about ${path} does not fit`);
    this.record = record;
    this.path = path;
  }
}
