import type { Activation } from "../kernel/activation.ts";
import { type RunState, type Sink, take } from "../kernel/transition.ts";
import { DEFAULT_GRACE } from "../run/driver-hooks.ts";
import { Arrivals, isStale } from "./arrivals.ts";
import type { Codec } from "./codec.ts";
import { closeQuestions, endQuestions } from "./end-questions.ts";
import type { Folded } from "./folded.ts";
import type { KeptArrival } from "./kept-requests.ts";
import { NotedDecisions } from "./noted-decisions.ts";
import { PartWriter } from "./part-writer.ts";

/**
 * A run as it will be when what was kept for it is taken. The transition takes what was kept, as it does when the run is
 * taken up, and nothing begins, nothing is written and nothing is told. Of the user's it calls what is pure by contract:
 * conditions, conversions and the factories of states that are made on the way.
 */
export class Foreseen {
  readonly #arrivals: Arrivals;
  readonly #open: Map<string, Activation>;
  readonly #sink: Sink;
  readonly #folded: Folded;

  /** Changes what it is given. */
  constructor(folded: Folded, codec: Codec) {
    const { run, open } = folded;
    this.#folded = folded;
    this.#open = new Map(open);
    this.#arrivals = new Arrivals(run, new PartWriter(codec));
    this.#sink = {
      exec: (operation) => void this.#open.set(operation.path, operation),
      timer: () => {},
      halted: () => {},
      drop: (operation) => this.#left(operation),
      yields: run.yields,
      recorder: undefined,
      grace: DEFAULT_GRACE,
      decisions: new NotedDecisions(codec),
    };
  }

  /** Takes what was kept, oldest first. */
  take(kept: readonly KeptArrival[]): void {
    const { run, questions } = this.#folded;
    for (const { completion: arrival } of kept) {
      if (isStale(arrival, run)) continue;
      const { completion } = this.#arrivals.receive(arrival);
      if (completion.kind === "completed") this.#left(completion.operation);
      if (completion.kind === "failed") this.#left(completion.operation, completion.error as Error);
      take(run, completion, this.#sink);
      this.#stop();
    }
    closeQuestions(this, questions);
  }

  /** What is being stopped has not begun, so it ends at once. */
  #stop(): void {
    for (const operation of [...this.#open.values()]) {
      const error = operation.reason;
      if (error === undefined || operation.over) continue;
      this.#left(operation, error);
      take(this.run, { kind: "failed", operation, error }, this.#sink);
    }
  }

  get run(): RunState {
    return this.#folded.run;
  }

  get open(): ReadonlyMap<string, Activation> {
    return this.#open;
  }

  get questions(): Folded["questions"] {
    return this.#folded.questions;
  }

  #left(operation: Activation, error?: Error): void {
    this.#open.delete(operation.path);
    endQuestions(operation, this.#folded.questions, error);
  }
}
