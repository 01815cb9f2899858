/** The decisions of one record, after what a fork gave to a state that starts with it. */

import type { Decision, Decisions } from "../kernel/decisions.ts";
import type { Codec } from "./codec.ts";
import type { FoldWatch } from "./fold-watch.ts";
import { type ForkPlace, isInFan, onOpen, onRest } from "./fork-place.ts";
import type { Json } from "./json.ts";
import { decisionToJson, keptMove } from "./record-codec.ts";
import { asRevived } from "./revive.ts";

/**
 * Watches a fold whose last record is the one with which the state starts. What was decided inside the state is
 * decided again there; what was decided beside it is recalled, unless the state ends at once.
 */
export class ForkDecisions implements FoldWatch {
  readonly #path: string;
  readonly #place: ForkPlace;
  readonly #codec: Codec;
  #recorded!: Decisions;
  /** Whether the recorded decisions do not count, so that the callbacks are asked. */
  #isFresh = false;
  #isRecalled = false;
  #present: Json[] = [];
  #decided: readonly Json[] = [];
  #isAsBefore = true;

  constructor(path: string, place: ForkPlace, codec: Codec) {
    this.#path = path;
    this.#place = place;
    this.#codec = codec;
  }

  /** What was decided with the last record, in its order. */
  get decided(): readonly Json[] {
    return this.#decided;
  }

  /** Whether the state is open after that record, and all beside it goes on as it did. */
  get isAsBefore(): boolean {
    return this.#isAsBefore;
  }

  readonly decisions: FoldWatch["decisions"] = (recorded): Decisions => {
    this.#recorded = recorded;
    const codec = this.#codec;
    return {
      recall: () => {
        const decision = this.#isFresh ? undefined : recorded.recall();
        this.#isRecalled = decision !== undefined;
        if (decision !== undefined) this.#present.push(decisionToJson(decision, codec));
        return decision;
      },
      recallMark: (key) => {
        const mark = this.#isFresh ? undefined : recorded.recallMark(key);
        this.#isRecalled = mark !== undefined;
        if (typeof mark === "object") {
          this.#present.push(decisionToJson({ [key]: mark.error } as unknown as Decision, codec));
        }
        return mark;
      },
      recallMet: (path) => {
        const decision = this.#isFresh ? undefined : recorded.recallMet(path);
        this.#isRecalled = decision !== undefined;
        if (typeof decision === "object") this.#present.push(decisionToJson(decision, codec));
        return decision;
      },
      admit: (decision, from, to, what) => keptMove(decision, codec, from, to, what),
      note: (decision) => {
        // Some composites note a decision that they recalled.
        if (!this.#isRecalled) this.#present.push(decisionToJson(decision, codec));
      },
      kept: asRevived,
    };
  };

  readonly entering: FoldWatch["entering"] = (activation) => {
    if (activation.path !== this.#path) return;
    const { inside, endedAtOnce, rests } = this.#place;
    this.#skip(inside);
    if (endedAtOnce) this.#decideRest();
    onOpen(activation, (open) => {
      this.#isFresh = true;
      let hasRested = false;
      // What is opened when it rests is beside it.
      onRest(activation, () => {
        if (hasRested) return;
        hasRested = true;
        this.#goOn(rests);
      });
      const ended = open();
      if (ended !== undefined) this.#goOn(false);
      else if (!hasRested) this.#goOn(!rests || !isInFan(activation));
      return ended;
    });
  };

  /** The state is open. If all beside it goes on as it did, what was decided there counts. */
  #goOn(asBefore: boolean): void {
    if (asBefore && !this.#place.endedAtOnce) this.#isFresh = false;
    else {
      this.#isAsBefore = false;
      this.#decideRest();
    }
  }

  readonly after: FoldWatch["after"] = () => {
    this.#decided = this.#present;
    this.#present = [];
  };

  #decideRest(): void {
    this.#skip(Number.POSITIVE_INFINITY);
    this.#isFresh = true;
  }

  #skip(count: number): void {
    for (let left = count; left > 0 && this.#recorded.recall() !== undefined; left--);
  }
}
