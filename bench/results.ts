/** What a whole run of the benchmark found, as it is kept in `results/latest.json`. */

import type { Import } from "./cold-import.ts";
import type { Figures } from "./figures.ts";

/** One subject in one case: medians over the rounds. */
export interface Standing extends Figures {
  readonly rounds: number;
  /** The smallest and largest value of a round. */
  readonly lowest: number;
  readonly highest: number;
}

/** Why there is no figure. */
export interface Missing {
  readonly missing: "absent" | "failed";
  readonly problem?: string;
}

/** Everything that the page tells. */
export interface Results {
  /** As `2026-11-22`. */
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly gigabytes: number;
    readonly system: string;
    /** The highest load average of a minute seen; the benchmark itself is 1 of it. */
    readonly load: number;
  };
  readonly node: string;
  readonly versions: { readonly [name: string]: string };
  readonly rounds: number;
  readonly seconds: number;
  readonly cases: { readonly [id: string]: { readonly [subject: string]: Standing | Missing } };
  readonly imports: { readonly [name: string]: Import };
  readonly bundles: { readonly [name: string]: BundleSize };
}

/** A use of a package, bundled, in kilobytes. */
export interface BundleSize {
  readonly minified: number;
  readonly gzip: number;
  /** Compressed, without what is imported later; absent in results of before it was measured. */
  readonly atOnce?: number;
}
