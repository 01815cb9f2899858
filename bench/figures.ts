/** What one process measured of one subject in one case. */
export interface Figures {
  /** In the case's unit. */
  readonly value: number;
  /** Last against first, in cases that watch a long run. */
  readonly growth?: number;
  /** Kilobytes that stayed on the heap between the first tenth and the last. */
  readonly heapKilobytes?: number;
  /** Milliseconds until the first tick. */
  readonly firstMilliseconds?: number;
  /** Milliseconds of the whole run, in cases that give the figure of a part. */
  readonly totalMilliseconds?: number;
  /** Milliseconds of processor time for loading the subject and what it stands on, in `cold`. */
  readonly loadMilliseconds?: number;
  /** The same, for making its definition. */
  readonly buildMilliseconds?: number;
  /** The same, for its first run. */
  readonly firstRunMilliseconds?: number;
  /** Bytes in the subject's folder after a run. */
  readonly diskBytes?: number;
  /** Warnings that Node gave. */
  readonly warnings?: number;
  /** The most memory the process held, in megabytes. */
  readonly peakMegabytes?: number;
}

/** How a measurement came out. */
export type Outcome =
  | { readonly kind: "measured"; readonly figures: Figures }
  /** The subject has no such feature. */
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly problem: string };
