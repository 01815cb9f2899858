/**
 * Turns what the engine does into events: numbered, timed, and given to whoever listens. A run that
 * nobody listens to has no recorder, so an unheard event costs nothing.
 */
import type { Activation, Ended } from "./activation.ts";
import type { Clock } from "./clock.ts";
import type { Spending } from "./context.ts";
import { errorData } from "./errors/error-data.ts";
import type { AdvancerVerdict, OrchestrationEvent, StateKind, StateTransition } from "./events.ts";

type Distribute<TEvent> = TEvent extends unknown ? Omit<TEvent, "seq" | "time" | "runId"> : never;

/** Makes the events of one run. */
export class Recorder {
  readonly #runId: string;
  readonly #clock: Clock;
  readonly #write: (event: OrchestrationEvent) => void;
  #seq = 0;
  #closed = false;

  constructor(runId: string, clock: Clock, write: (event: OrchestrationEvent) => void) {
    this.#runId = runId;
    this.#clock = clock;
    this.#write = write;
  }

  /** The number of the last event. */
  get seq(): number {
    return this.#seq;
  }

  /** Goes on numbering after `seq`. */
  goOnFrom(seq: number): void {
    this.#seq = seq;
    this.#closed = false;
  }

  started(activation: Activation): void {
    activation.startedAt = this.#clock.now();
    const { path, input, parent, runnable, visit, node } = activation;
    if (parent === undefined) {
      this.#add({ type: "run.started", path, orchestration: runnable.id, input });
      return;
    }
    const kind: StateKind = node?.kind ?? "runnable";
    const branches =
      node?.kind === "each" && Array.isArray(input)
        ? input.length
        : node !== undefined && "keys" in node
          ? node.keys.length
          : undefined;
    this.#add({
      type: "state.started",
      path,
      state: runnable.id,
      visit,
      kind,
      input,
      ...(branches === undefined ? {} : { branches }),
    });
  }

  ended(activation: Activation, ended: Ended): void {
    const { path, runnable, visit } = activation;
    const duration = this.#clock.now() - activation.startedAt;
    if (activation.parent === undefined) this.#runEnded(path, ended, duration);
    else if (ended.kind === "completed") {
      this.#add({ type: "state.completed", path, state: runnable.id, visit, output: ended.value, duration });
    } else {
      const error = errorData(ended.error);
      const cancelled = ended.kind === "cancelled";
      this.#add({ type: "state.failed", path, state: runnable.id, visit, error, cancelled, duration });
    }
  }

  retrying(activation: Activation, attempt: number, delay: number, error: unknown): void {
    const { path, runnable, visit } = activation;
    this.#add({
      type: "state.retrying",
      path,
      state: runnable.id,
      visit,
      attempt,
      delay,
      error: errorData(error),
    });
  }

  skipped(fan: Activation, slot: number): void {
    if (fan.node?.kind !== "all") return;
    const state = fan.node.branches[slot]!.id;
    this.#add({
      type: "state.skipped",
      path: `${fan.path}[${fan.node.keys[slot]}]/${state}#1`,
      state,
      visit: 1,
    });
  }

  moved(
    child: Activation,
    to: string,
    cause: StateTransition["cause"],
    advancers: readonly AdvancerVerdict[],
  ): void {
    this.#add({ type: "state.transition", path: child.path, from: child.runnable.id, to, cause, advancers });
  }

  output(activation: Activation, data: unknown): void {
    const { path, runnable, visit } = activation;
    this.#add({ type: "state.output", path, state: runnable.id, visit, data });
  }

  usage(activation: Activation, spending: Spending): void {
    const { path, runnable, visit } = activation;
    this.#add({ type: "state.usage", path, state: runnable.id, visit, spending });
  }

  asked(activation: Activation, question: string, prompt: unknown): void {
    const { path, runnable, visit } = activation;
    this.#add({ type: "question.asked", path, state: runnable.id, visit, question, prompt });
  }

  answered(activation: Activation, question: string, answer: unknown): void {
    const { path, runnable, visit } = activation;
    this.#add({ type: "question.answered", path, state: runnable.id, visit, question, answer });
  }

  waiting(root: Activation, questions: readonly string[]): void {
    this.#add({ type: "run.waiting", path: root.path, questions });
  }

  suspended(root: Activation, error: Error): void {
    this.#add({ type: "run.suspended", path: root.path, error: errorData(error) });
    this.#closed = true;
  }

  #runEnded(path: string, ended: Ended, duration: number): void {
    if (ended.kind === "completed") this.#add({ type: "run.completed", path, output: ended.value, duration });
    else if (ended.kind === "failed")
      this.#add({ type: "run.failed", path, error: errorData(ended.error), duration });
    else this.#add({ type: "run.cancelled", path, reason: reasonOf(ended.error), duration });
    this.#closed = true;
  }

  /** What comes after the run's end, from work that ignored its signal, is not an event of the run. */
  #add(event: Distribute<OrchestrationEvent>): void {
    if (this.#closed) return;
    this.#seq += 1;
    // The event was made for this call, and a copy would cost as much as the rest of it.
    this.#write(Object.assign(event, { seq: this.#seq, time: this.#clock.now(), runId: this.#runId }));
  }
}

function reasonOf(error: Error): string {
  if (
    "facts" in error &&
    typeof error.facts === "object" &&
    error.facts !== null &&
    "reason" in error.facts
  ) {
    return String(error.facts.reason);
  }
  return error.message;
}
