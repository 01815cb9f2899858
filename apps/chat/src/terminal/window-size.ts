/** A window of the terminal. */
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}
