import type { Operation } from "@orch/core/host";
import type { InvocationId, RestatePromise } from "@restatedev/restate-sdk";
import { fitted } from "./fitted-outcome.ts";
import type { News } from "./segment.ts";
import type { SegmentParts } from "./segment-parts.ts";
import { callService } from "./service-call.ts";
import { failedOutcome, type StepOrder, type Stepped } from "./step.ts";

/**
 * How many attempts of a run are under way at most. Whoever waits for the first of many pays for each of them with every
 * one that ends, so a fan-out of thousands is performed in parts.
 */
const WIDEST = 256;

/** An attempt that is under way. */
interface OpenAttempt {
  readonly news: RestatePromise<News>;
  /** The invocation that performs it; absent where it is performed here. */
  readonly invocation?: Promise<InvocationId>;
}

/** The attempts that a run wants: those under way and those that wait for a place. */
export class Attempts {
  readonly #parts: SegmentParts;
  readonly #wanted = new Map<string, Operation>();
  readonly #open = new Map<string, OpenAttempt>();

  constructor(parts: SegmentParts) {
    this.#parts = parts;
  }

  /** Attempts that wait until a worker has their definition. */
  readonly #postponed = new Set<string>();

  /** Whether no attempt is under way. */
  get isIdle(): boolean {
    return this.#open.size === 0 && this.#postponed.size === 0;
  }

  /** Whether an attempt waits for a worker that has its definition. */
  get isPostponed(): boolean {
    return this.#postponed.size > 0;
  }

  want(operation: Operation): void {
    this.#wanted.set(operation.id, operation);
  }

  /** Forgets an attempt: it has ended, or is not wanted any more. */
  close(id: string): void {
    this.#wanted.delete(id);
    this.#open.delete(id);
    this.#postponed.delete(id);
  }

  /** Has an attempt wait that the worker could not perform. */
  postpone(id: string): void {
    if (this.#open.delete(id)) this.#postponed.add(id);
  }

  /** Tries again what waits. */
  release(): void {
    this.#postponed.clear();
  }

  /** Begins attempts, as many as may be under way. */
  begin(): void {
    for (const operation of this.#wanted.values()) {
      if (this.#open.size >= WIDEST) return;
      const { id } = operation;
      if (!this.#open.has(id) && !this.#postponed.has(id)) this.#open.set(id, this.#start(operation));
    }
  }

  open(): RestatePromise<News>[] {
    return [...this.#open.values()].map(({ news }) => news);
  }

  /** Tells a worker elsewhere that an attempt is not wanted any more. One that is performed here hears it from the machine. */
  async abort(id: string): Promise<void> {
    const invocation = this.#open.get(id)?.invocation;
    if (invocation !== undefined) this.#parts.ctx.cancel(await invocation);
  }

  #start(operation: Operation): OpenAttempt {
    return this.#parts.isRemote(operation) ? this.#send(operation) : this.#perform(operation);
  }

  #perform(operation: Operation): OpenAttempt {
    const { ctx, machine, maxPayload, notes, isAgain } = this.#parts;
    const { id } = operation;
    const running = ctx.run(id, async () => {
      // A replay may begin what was dropped by an arrival that it takes later.
      if (!this.#open.has(id)) return failedOutcome("it was dropped");
      const outcome =
        notes === undefined
          ? await machine.perform(operation)
          : await notes.perform(operation, isAgain, (...given) => machine.perform(...given));
      return fitted(outcome, operation, maxPayload);
    });
    const news = running.map<News>((outcome, failure) => ({
      kind: "ran",
      id,
      outcome: outcome ?? failedOutcome(failure),
    }));
    return { news };
  }

  #send(operation: Operation): OpenAttempt {
    const { ctx, names, sdk, order } = this.#parts;
    const { orchestration, version, hash } = order;
    const { id } = operation;
    const parameter: StepOrder = { orchestration, version, hash, operation };
    const call = callService<Stepped>(ctx, sdk, { service: names.step, method: "perform", parameter });
    const news = call.map<News>((done, failure) => {
      if (done === undefined) return { kind: "ran", id, outcome: failedOutcome(failure) };
      return done.kind === "absent" ? { kind: "absent", id } : { kind: "ran", id, outcome: done.outcome };
    });
    return { news, invocation: call.invocationId };
  }
}
