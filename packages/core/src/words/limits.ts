/** How far an orchestration may go. */
export interface Limits {
  /** How many states one execution may enter after the first. Default 1,000. */
  readonly maxSteps?: number;
  /** How long one execution may take, in milliseconds. Default: no limit. */
  readonly deadline?: number;
  /** What one execution may spend, as counted by `ctx.spend`. Default: no limit. */
  readonly budget?: Budget;
}

/** What may be spent. */
export interface Budget {
  /** Tokens read and written. */
  readonly maxTokens?: number;
  /** In US dollars. */
  readonly maxCost?: number;
}
