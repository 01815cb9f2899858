import type { Activation } from "../kernel/activation.ts";
import type { Decisions } from "../kernel/decisions.ts";
import { reopenedLater } from "../kernel/reopen.ts";
import { type Counted, numberOf } from "./effective.ts";
import type { FoldWatch } from "./fold-watch.ts";
import { isWithin } from "./fork-place.ts";
import { detailsOf } from "./record-codec.ts";

/** Sees which states begin with the last record of a fold, which is that of a retry. */
export class RerunWatch implements FoldWatch {
  #begun: Activation[] = [];
  #begins: Activation[] = [];

  readonly entering: FoldWatch["entering"] = (activation) => {
    // A composite that goes on inside has a frame, and what is done in it stays.
    if (activation.frame === undefined) this.#begins.push(activation);
  };

  readonly decisions: FoldWatch["decisions"] = (recorded): Decisions => recorded;

  readonly after: FoldWatch["after"] = () => {
    this.#begun = this.#begins;
    this.#begins = [];
  };

  /** The numbers of the records by which states completed that begin again, now or later, where these wrote to shared state. */
  rerun(counted: Counted, root: Activation): readonly number[] {
    const paths = [...this.#begun, ...reopenedLater(root)].map(({ path }) => path);
    return counted.records.flatMap((record, index) => {
      if (record.type !== "committed" || detailsOf(record.more).w === undefined) return [];
      return paths.some((of) => isWithin(record, of)) ? [numberOf(counted, index)] : [];
    });
  }
}
