/** The census of a fan-out: which of its branches are done, which failed, and which have not ended. */
export interface Census {
  /** The activation of the fan-out. */
  readonly path: string;
  /** How many branches completed. */
  readonly done: number;
  /** How many branches failed. */
  readonly failed: number;
  /** How many branches were not started, or were stopped before they ended. */
  readonly open: number;
  /** The paths of the first failed branches, at most 20. */
  readonly failedPaths: readonly string[];
  /** The paths of the first open branches, at most 20. */
  readonly openPaths: readonly string[];
}
