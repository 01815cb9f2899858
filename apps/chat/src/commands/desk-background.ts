/** What commands do with runs in the background. */
export interface DeskBackground {
  /** Lets the turn that is being answered go on in the background. */
  readonly leave: () => void;
  /** Brings the run of a number back, or the newest one. */
  readonly bringBack: (named: string) => Promise<void>;
  /** Answers what one of them asks: `typed` may begin with its number. */
  readonly answer: (typed: string) => Promise<void>;
}
