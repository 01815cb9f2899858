/**
 * A whole host in one file: each run is kept as an append-only array of lines, and whoever has the array goes on with
 * the run. It stands on the driver seam of `@orch/core/host` and uses nothing of the durable host. See `docs/hosts.md`.
 */
import type { Clock, Json, Orchestration, OrchestrationEvent, Run, SignalOptions } from "@orch/core";
import { type CancelTimer, systemClock } from "@orch/core/doors";
import type { Arrival, Effect, Ended, Operation, Outcome, RunClient, RunOrder } from "@orch/core/host";
import { ClientHost, openMachine } from "@orch/core/host";

type AnyFlow = Orchestration<never, unknown>;

/** How an {@link ArrayHost} works. */
export interface ArrayHostOptions {
  /** The lines of every run, by its id, as earlier processes left them. */
  readonly arrays: Map<string, string[]>;
  /** Adds a line to a run. It throws when it cannot. */
  readonly append?: (lines: string[], line: string) => void;
  readonly clock?: Clock;
  /** Performs an attempt. Default: in this process. */
  readonly perform?: (operation: Operation, flow: AnyFlow) => Promise<Outcome>;
  /** Opens a run. Default: `openMachine`. */
  readonly open?: typeof openMachine;
}

const push = (lines: string[], line: string): void => void lines.push(line);

/** What the first line holds; the others hold an arrival and its decisions. */
type Order = Omit<RunOrder, "runnable" | "runId">;
type Line = readonly [arrival: Arrival, decisions: readonly Json[]];

/** One run. It takes one arrival at a time, keeps it, and then does what the run wants done. */
class ArrayRun {
  readonly machine: ReturnType<typeof openMachine>;
  readonly events: OrchestrationEvent[] = [];
  readonly ended: PromiseWithResolvers<Ended> = Promise.withResolvers();
  readonly #flow: AnyFlow;
  readonly #lines: string[];
  readonly #append: typeof push;
  readonly #clock: Clock;
  readonly #perform: (operation: Operation, flow: AnyFlow) => Promise<Outcome>;
  /** Attempts and wakes that nothing has ended, in the order in which they were wanted. */
  readonly #wanted = new Map<string, Effect>();
  readonly #launched = new Map<string, CancelTimer>();
  /** Who waits to hear whether an answer counts, by question. */
  readonly #verdicts = new Map<string, (effect: Effect) => void>();
  readonly #inbox: Arrival[] = [];
  #isBusy = false;
  #news: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Makes the run of what is kept of it, without going on with it. */
  constructor(flow: AnyFlow, runId: string, options: ArrayHostOptions) {
    this.#flow = flow;
    this.#lines = options.arrays.get(runId)!;
    const [order, ...kept] = this.#lines.map((line) => JSON.parse(line) as unknown);
    const { input, grace } = order as Order;
    this.#append = options.append ?? push;
    this.#clock = options.clock ?? systemClock;
    this.#perform = options.perform ?? (async (operation) => this.machine.perform(operation));
    const { open = openMachine } = options;
    this.machine = open(flow, input, { runId, grace, clock: this.#clock });
    this.ended.promise.catch(() => {});
    for (const [arrival, decisions] of kept as Line[]) this.#take(arrival, decisions);
  }

  /** Begins the run, or goes on with it. */
  goOn(): void {
    if (this.events.length === 0) this.arrive({ kind: "begin", at: this.#clock.now() });
    else this.#launch();
  }

  /** Takes an arrival after those that came before it. */
  arrive(arrival: Arrival): void {
    this.#inbox.push(arrival);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) this.#take(next);
      this.#isBusy = false;
    } catch (error) {
      // It stays busy for good: a run whose arrival could not be kept is driven no further.
      for (const stop of this.#launched.values()) stop();
      this.ended.reject(error);
    }
  }

  async answer(question: string, value: Json): ReturnType<RunClient["answer"]> {
    const answer = await this.machine.check(question, value);
    if (typeof answer === "string") return answer;
    if (answer.kind === "closed") return answer;
    if (answer.kind === "refused") return answer.issues;
    const { promise, resolve } = Promise.withResolvers<Effect>();
    this.#verdicts.set(question, resolve);
    this.arrive({ kind: "answer", question, answer, at: this.#clock.now() });
    const verdict = await Promise.race([promise, this.ended.promise]);
    // Something else closed the question meanwhile.
    if (verdict.kind !== "verdict") return this.answer(question, value);
    return verdict.issues ?? "taken";
  }

  async signal(
    signal: string,
    value: Json,
    { key }: SignalOptions,
  ): ReturnType<NonNullable<RunClient["signal"]>> {
    const checked = await this.machine.checkSignal(signal, value);
    if (checked.kind === "refused") return checked.issues;
    if (checked.kind !== "accepted") return checked.kind;
    const { kind: _, ...given } = checked;
    this.arrive({
      kind: "signal",
      signal,
      ...given,
      ...(key !== undefined && { key }),
      at: this.#clock.now(),
    });
    return "taken";
  }

  async *read(from: number): AsyncGenerator<OrchestrationEvent, void, undefined> {
    for (let place = from - 1; place < this.events.length || this.machine.end === undefined; place++) {
      while (place >= this.events.length) await Promise.race([this.#news.promise, this.ended.promise]);
      yield this.events[place]!;
    }
  }

  /** Takes an arrival. One that is new is kept before anything is done on account of it. */
  #take(arrival: Arrival, recalled?: readonly Json[]): void {
    const { decisions, effects, events } = this.machine.take(arrival, recalled);
    if (recalled === undefined) this.#append(this.#lines, JSON.stringify([arrival, decisions]));
    if ("id" in arrival && arrival.kind !== "noted") this.#end(arrival.id);
    for (const effect of effects) this.#follow(effect);
    this.events.push(...events);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
    if (this.machine.end !== undefined) this.ended.resolve(this.machine.end);
    else if (recalled === undefined) this.#launch();
  }

  #follow(effect: Effect): void {
    if (effect.kind === "run" || effect.kind === "wake") this.#wanted.set(effect.id, effect);
    if (effect.kind === "drop") this.#end(effect.id);
    if (effect.kind === "drop" || effect.kind === "verdict") this.#verdicts.get(effect.id)?.(effect);
  }

  #end(id: string): void {
    this.#wanted.delete(id);
    this.#launched.get(id)?.();
    this.#launched.delete(id);
  }

  #launch(): void {
    for (const [id, effect] of this.#wanted) {
      if (this.#launched.has(id)) continue;
      if (effect.kind === "run") this.#launched.set(id, this.#attempt(effect.operation));
      if (effect.kind === "wake") this.#launched.set(id, this.#wake(id, effect.due));
    }
  }

  #wake(id: string, due: number): CancelTimer {
    const ms = Math.max(0, due - this.#clock.now());
    return this.#clock.after(ms, () => this.arrive({ kind: "woke", id, at: this.#clock.now() }));
  }

  /** The machine aborts the signal of what it does not want any more, so there is nothing to cancel. */
  #attempt(operation: Operation): CancelTimer {
    void this.#perform(operation, this.#flow).then((outcome) =>
      this.arrive({ kind: "ran", id: operation.id, at: this.#clock.now(), outcome }),
    );
    return () => {};
  }
}

/** A host whose runs are kept in arrays. */
export class ArrayHost extends ClientHost {
  readonly #options: ArrayHostOptions;
  readonly #runs: Map<string, ArrayRun>;

  constructor(options: ArrayHostOptions) {
    const runs = new Map<string, ArrayRun>();
    const keeps = {
      keeps: true,
      failover: "resume",
      decisions: "recalled",
      once: "with the attempt",
    } as const;
    super(clientOf(runs, options), { capabilities: { ...keeps, liveOutput: false, steps: "anywhere" } });
    this.#options = options;
    this.#runs = runs;
  }

  /** Goes on with a run that an earlier process began. */
  resume(flow: AnyFlow, runId: string): Run<unknown> {
    this.#runs.set(runId, new ArrayRun(flow, runId, this.#options));
    this.#runs.get(runId)!.goOn();
    return this.follow(flow, runId);
  }

  /** What happened in a run, as its array tells. */
  history(flow: AnyFlow, runId: string): readonly OrchestrationEvent[] {
    return new ArrayRun(flow, runId, this.#options).events;
  }
}

/** What clients of the host can do with its runs. */
function clientOf(runs: Map<string, ArrayRun>, options: ArrayHostOptions): RunClient {
  const { arrays, clock = systemClock, append = push } = options;
  return {
    start: async ({ runId, runnable, ...order }) => {
      if (arrays.has(runId)) return "exists";
      const lines: string[] = [];
      append(lines, JSON.stringify(order));
      arrays.set(runId, lines);
      runs.set(runId, new ArrayRun(runnable as AnyFlow, runId, options));
      runs.get(runId)!.goOn();
      return "created";
    },
    events: (runId, from) => runs.get(runId)!.read(from),
    answer: (runId, question, value) => runs.get(runId)!.answer(question, value),
    signal: (runId, signal, value, options) => runs.get(runId)!.signal(signal, value, options),
    cancel: async (runId, reason) => runs.get(runId)!.arrive({ kind: "cancel", reason, at: clock.now() }),
    end: (runId) => runs.get(runId)!.ended.promise,
  };
}
