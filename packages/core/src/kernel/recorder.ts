/**
 * Turns what the engine does into events, numbers and times them, and gives them to the listeners. A run that
 * no listener hears has no recorder, so an unheard event costs nothing.
 */

import { errorData } from "../errors/error-data.ts";
import type { Clock } from "../platform/clock.ts";
import { fieldOf } from "../platform/field-of.ts";
import { given } from "../platform/given.ts";
import type { Spending } from "../words/context.ts";
import type { DossierAdded } from "../words/dossier.ts";
import type {
  AdvancerVerdict,
  LiveEvent,
  OrchestrationEvent,
  StateSkipped,
  StateTransition,
} from "../words/events.ts";
import type { Activation, Ended } from "./activation.ts";
import type { Asked } from "./waits.ts";

/** An event without the fields that the recorder adds to every event. */
type Bare<TEvent> = TEvent extends unknown ? Omit<TEvent, "seq" | "part" | "time" | "runId"> : never;

/** Makes the events of one run. Without a `write` it makes none, and counts those that are kept. */
export class Recorder {
  readonly #runId: string;
  readonly #clock: Pick<Clock, "now">;
  readonly #liveClock: Pick<Clock, "now">;
  readonly #write: ((event: OrchestrationEvent) => void) | undefined;
  #seq = 0;
  /** How many live events came after the kept event number `#partOf`. */
  #part = 0;
  #partOf = 0;
  #closed = false;
  /** Activations that were entered before, and are entered again. */
  #again: Set<Activation> | undefined;

  /** `clock` tells the time of kept events; `liveClock` that of live ones, by default the same. */
  constructor(
    runId: string,
    clock: Pick<Clock, "now">,
    write?: (event: OrchestrationEvent) => void,
    liveClock: Pick<Clock, "now"> = clock,
  ) {
    this.#runId = runId;
    this.#clock = clock;
    this.#liveClock = liveClock;
    this.#write = write;
  }

  /** The number of the last kept event. */
  get seq(): number {
    return this.#seq;
  }

  /** Goes on numbering after the kept event `seq` and the live event `part` that follows it. */
  goOnFrom(seq: number, part = 0): void {
    this.#seq = seq;
    this.#partOf = seq;
    this.#part = part;
    this.#closed = false;
  }

  started(activation: Activation): void {
    const write = this.#write;
    const time = this.#clock.now();
    activation.startedAt = time;
    if (write === undefined) {
      this.#seq += 1;
      return;
    }
    const { path, input, parent, runnable, visit, node } = activation;
    if (parent === undefined) {
      this.add({ type: "run.started", path, orchestration: runnable.id, input }, time);
      return;
    }
    if (this.#closed) return;
    const state = runnable.id;
    const runId = this.#runId;
    this.#seq += 1;
    const seq = this.#seq;
    const kind = node === undefined ? "runnable" : node.kind;
    const branches = node?.width?.(input);
    const event = { type: "state.started", path, state, visit, kind, input, seq, time, runId } as const;
    const isAgain = this.#again?.delete(activation) === true;
    if (branches === undefined && !isAgain) write(event);
    else write({ ...event, ...given({ branches, again: isAgain || undefined }) });
  }

  /** The activation was entered before, and is entered again next. */
  willReopen(activation: Activation): void {
    if (this.#write === undefined) return;
    this.#again ??= new Set();
    this.#again.add(activation);
  }

  /** An activation is open again. */
  reopened(activation: Activation): void {
    const { path, input, runnable, visit, node } = activation;
    const kind = node === undefined ? "runnable" : node.kind;
    const branches = node?.width?.(input);
    const width = branches === undefined ? {} : { branches };
    const state = runnable.id;
    this.add({ type: "state.started", path, state, visit, kind, input, ...width, again: true });
  }

  ended(activation: Activation, ended: Ended): void {
    const write = this.#write;
    if (write === undefined) {
      this.#seq += 1;
      return;
    }
    const time = this.#clock.now();
    const { path, runnable, visit } = activation;
    // The clock may have been set back.
    const duration = Math.max(0, time - activation.startedAt);
    if (activation.parent === undefined) this.#runEnded(activation, ended, duration, time);
    else if (ended.kind === "completed") {
      if (this.#closed) return;
      this.#seq += 1;
      const background = runnable.node?.leaves?.(activation);
      const event = {
        type: "state.completed",
        path,
        state: runnable.id,
        visit,
        output: ended.value,
        duration,
        seq: this.#seq,
        time,
        runId: this.#runId,
      } as const;
      write(background === undefined ? event : { ...event, background });
    } else {
      const error = errorData(ended.error);
      const cancelled = ended.kind === "cancelled";
      this.add({ type: "state.failed", ...stateOf(activation), error, cancelled, duration }, time);
    }
  }

  retrying(activation: Activation, attempt: number, delay: number, error: unknown): void {
    this.add({
      type: "state.retrying",
      ...stateOf(activation),
      attempt,
      delay,
      error: errorData(error),
    });
  }

  /** A branch whose condition did not hold. */
  skipped(path: string, state: string): void {
    this.add({ type: "state.skipped", path, state, visit: 1 });
  }

  moved(
    child: Activation,
    to: string,
    cause: StateTransition["cause"],
    advancers: readonly AdvancerVerdict[],
    thrown?: Error,
    dossier?: string,
    fields?: unknown,
  ): void {
    if (this.#closed) return;
    this.#seq += 1;
    const write = this.#write;
    if (write === undefined) return;
    const event: { -readonly [TKey in keyof StateTransition]: StateTransition[TKey] } = {
      type: "state.transition",
      path: child.path,
      from: child.runnable.id,
      to,
      cause,
      advancers,
      seq: this.#seq,
      time: this.#clock.now(),
      runId: this.#runId,
    };
    if (thrown !== undefined) event.error = errorData(thrown);
    // A run of an older file that is read without its code does not say which dossier it was.
    if (fields !== undefined && dossier !== undefined) event.added = { dossier, fields } as DossierAdded;
    write(event);
  }

  output(activation: Activation, channel: string, data: unknown): void {
    this.#live({ type: "state.output", ...stateOf(activation), channel, data });
  }

  usage(activation: Activation, spending: Spending): void {
    this.add({ type: "state.usage", ...stateOf(activation), spending });
  }

  asked(activation: Activation, question: string, { prompt, schema }: Omit<Asked, "askedAt">): void {
    this.add({ type: "question.asked", ...stateOf(activation), question, prompt, ...given({ schema }) });
  }

  answered(activation: Activation, question: string, answer: unknown): void {
    this.add({ type: "question.answered", ...stateOf(activation), question, answer });
  }

  waiting({ path, attached }: Activation, questions: readonly string[]): void {
    this.add({ type: "run.waiting", path, questions, ...attached?.mailbox?.told });
  }

  /** The run goes on after its end. */
  retried({ path }: Activation): void {
    this.#closed = false;
    this.add({ type: "run.retried", path });
  }

  /** Events up to number `to` were told, and are lost. This one has the number of the last of them. */
  missed({ path }: Activation, to: number): void {
    const from = this.#seq + 1;
    this.#seq = to - 1;
    this.add({ type: "events.missed", path, from, to });
  }

  refused({ path }: Activation, error: Error): void {
    this.#live({ type: "run.refused", path, error: errorData(error) });
    this.#closed = true;
  }

  suspended({ path }: Activation, error: Error): void {
    this.#live({ type: "run.suspended", path, error: errorData(error) });
    this.#closed = true;
  }

  #runEnded({ path, attached }: Activation, ended: Ended, duration: number, time: number): void {
    const census = attached?.censuses === undefined ? undefined : { census: attached.censuses };
    if (ended.kind === "completed") {
      const event = { type: "run.completed", path, output: ended.value, duration } as const;
      this.add(census === undefined ? event : { ...event, ...census }, time);
    } else if (ended.kind === "failed") {
      const error = errorData(ended.error);
      this.add({ type: "run.failed", path, error, duration, ...census }, time);
    } else {
      const reason = reasonOf(ended.error);
      this.add({ type: "run.cancelled", path, reason, duration, ...census }, time);
    }
    this.#closed = true;
  }

  /**
   * Numbers an event and passes it on. Those of every state are written out where they are made, because
   * putting two objects together costs more than the rest of an event. What comes after the run's end,
   * from work that ignored its signal, is not an event of the run.
   */
  add(event: Bare<Exclude<OrchestrationEvent, LiveEvent>>, time: number = this.#clock.now()): void {
    if (this.#closed) return;
    this.#seq += 1;
    this.#write?.(Object.assign(event, { seq: this.#seq, time, runId: this.#runId }) as OrchestrationEvent);
  }

  /** A live event has the number of the kept event before it, and is counted only where it is heard. */
  #live(event: Bare<LiveEvent>): void {
    if (this.#closed || this.#write === undefined) return;
    if (this.#partOf !== this.#seq) {
      this.#partOf = this.#seq;
      this.#part = 0;
    }
    this.#part += 1;
    const numbered = { seq: this.#seq, part: this.#part, time: this.#liveClock.now(), runId: this.#runId };
    this.#write(Object.assign(event, numbered) as OrchestrationEvent);
  }
}

/** The fields that every event of a state begins with. */
function stateOf({ path, runnable, visit }: Activation): Pick<StateSkipped, "path" | "state" | "visit"> {
  return { path, state: runnable.id, visit };
}

/** The reason of a cancellation is among its facts. */
function reasonOf(error: Error): string {
  return String(fieldOf(fieldOf(error, "facts"), "reason") ?? error.message);
}
