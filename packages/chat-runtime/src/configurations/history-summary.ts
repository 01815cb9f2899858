/** A summary as it fits messages that were read. */
export interface HistorySummary {
  readonly text: string;
  /** How many of them it stands for, from the first on. */
  readonly covers: number;
  /** How many messages before them it stands for as well. */
  readonly earlier: number;
}
