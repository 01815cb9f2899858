/** A summary of all messages before a place in the conversation. */
export interface TurnSummary {
  readonly text: string;
  /** The turn in which the place is. */
  readonly turnId: string;
  /** How many messages of that turn it stands for. */
  readonly messages: number;
  /** How many messages of the conversation it stands for. */
  readonly count: number;
}
