/** A host of what a client can do with runs that are driven elsewhere. */
import type { Orchestration } from "../define/orchestration.ts";
import { type Codec, strictJson } from "../durable/codec.ts";
import type { Json } from "../durable/json.ts";
import { CancelledError } from "../errors/cancelled-error.ts";
import { errorData } from "../errors/error-data.ts";
import { messageOf } from "../errors/message-of.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import { SuspendedError } from "../errors/suspended-error.ts";
import type { Ended } from "../kernel/activation.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { systemRandom } from "../platform/random.ts";
import type { RunDescription } from "../run/describe.ts";
import { DEFAULT_GRACE } from "../run/driver-hooks.ts";
import type { Capabilities, History, Host, RunHandle, RunSpec, RunStage, Story } from "../run/host.ts";
import type { Ending } from "../run/pump.ts";
import type { OpenQuestion } from "../run/questions.ts";
import { openRun, type Run, type RunOptions, type RunStatus } from "../run/run.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { SchemaIssue } from "../words/schema.ts";
import type { AnySignalKind, SignalOptions } from "../words/signal.ts";
import { answerRun, signalRun } from "./client-calls.ts";
import type { ClosedQuestion } from "./closed-question.ts";
import { refuseCircuit } from "./refuse-circuit.ts";
import { refuseItems } from "./refuse-items.ts";
import { RunView } from "./run-view.ts";

/** A run that is to be started. */
export interface RunOrder {
  readonly runId: string;
  readonly runnable: AnyRunnable;
  readonly input: Json | undefined;
  /** How long cancelled work may take to settle, in milliseconds. */
  readonly grace: number;
}

/** What a client can do with the runs of an engine, wherever they are driven. */
export interface RunClient {
  /** Starts a run. `exists`: there is one of this id, and nothing was changed. */
  readonly start: (order: RunOrder) => Promise<"created" | "exists">;
  /** The events of a run from number `from` on, in order. They end with the run, or when `signal` is aborted; some may come twice. */
  readonly events: (runId: string, from: number, signal?: AbortSignal) => AsyncIterable<OrchestrationEvent>;
  /** Answers a question. `taken`: the answer counts. `closed`: something else was faster. Issues: it does not fit, and the question stays open. */
  readonly answer: (
    runId: string,
    question: string,
    value: Json,
  ) => Promise<"taken" | "duplicate" | "unknown" | ClosedQuestion | readonly SchemaIssue[]>;
  /**
   * Sends a signal. `taken`: the run has it. `full`: it keeps as many of this kind as it may. Issues: the value does not fit.
   * Absent where the engine has no signals: then a flow that waits for one is refused.
   */
  readonly signal?: (
    runId: string,
    signal: string,
    value: Json,
    options: SignalOptions,
  ) => Promise<"taken" | "full" | "unknown" | "ended" | readonly SchemaIssue[]>;
  readonly cancel: (runId: string, reason: string) => Promise<void>;
  /** Waits for the end of a run. Rejects when the run is not driven any more and has not ended; it need not wait after `signal` is aborted. */
  readonly end: (runId: string, signal?: AbortSignal) => Promise<Ended>;
}

/** How a {@link ClientHost} works. */
export interface ClientHostOptions {
  readonly capabilities: Capabilities;
  /** Default: plain JSON, and anything else is refused by name. */
  readonly codec?: Codec;
}

/**
 * Makes runs that are driven elsewhere look like all others: give it to `start({ host })`.
 *
 * @example
 * ```ts
 * const host = new ClientHost(client, { capabilities });
 * const run = flow.start(input, { host, runId: "r1" });
 * ```
 */
export class ClientHost implements Host {
  readonly capabilities: Capabilities;
  readonly #client: RunClient;
  readonly #codec: Codec;

  constructor(client: RunClient, options: ClientHostOptions) {
    const { capabilities, codec = strictJson } = options;
    this.capabilities = capabilities;
    this.#client = client;
    this.#codec = codec;
  }

  open(spec: RunSpec): RunHandle {
    const { runnable, input, options, write } = spec;
    if (this.capabilities.circuit !== true) refuseCircuit(runnable);
    if (this.capabilities.items !== true) refuseItems(runnable);
    const { clock = systemClock, random = systemRandom, grace = DEFAULT_GRACE } = options;
    const { ifExists = "refuse" } = options;
    const runId = options.runId ?? newId("run", clock.now(), random);
    const begin = async (): Promise<void> => {
      const json = this.#codec.encode(input, `the input of "${runnable.id}"`);
      const started = await this.#client.start({ runId, runnable, input: json, grace });
      if (started === "exists" && ifExists === "refuse") throw new RunExistsError({ runId });
    };
    return new ClientRun({
      runId,
      client: this.#client,
      codec: this.#codec,
      path: runnable.id,
      clock,
      begin,
      write,
      signal: options.signal,
    });
  }

  /** Follows a run that was started before, here or elsewhere. */
  follow<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: Pick<RunOptions, "signal" | "onListenerError"> = {},
  ): Run<TOutput> {
    const client = this.#client;
    const codec = this.#codec;
    const parts = {
      runId,
      path: orchestration.id,
      clock: systemClock,
      client,
      codec,
      signal: options.signal,
    };
    return openRun<TOutput>(
      (write) => new ClientRun({ ...parts, begin: async () => {}, write }),
      options,
      orchestration.listeners(),
    );
  }
}

/** The parts of a client's run. */
interface ClientRunParts {
  readonly runId: string;
  readonly client: RunClient;
  readonly codec: Codec;
  /** The orchestration's id. */
  readonly path: string;
  readonly clock: Clock;
  readonly begin: () => Promise<void>;
  readonly write: RunSpec["write"];
  readonly signal: AbortSignal | undefined;
}

/** The handle on one run that is driven elsewhere: a mirror of its events. */
class ClientRun implements RunHandle {
  readonly id: string;
  readonly #parts: ClientRunParts;
  readonly #view: RunView;
  readonly #leaving = new AbortController();
  #seen: Pick<OrchestrationEvent, "seq" | "part"> = { seq: 0 };

  readonly history: History = { until: 0, load: (from, to) => this.#load(from, to) };

  constructor(parts: ClientRunParts) {
    this.id = parts.runId;
    this.#parts = parts;
    this.#view = new RunView(parts.runId);
  }

  start(ending: Ending): void {
    this.#follow(ending).then(
      (ended) => ending.ended(ended),
      (error: unknown) => ending.failed(error),
    );
  }

  /** Follows the run no longer. Whoever drives it goes on. */
  async suspend(): Promise<void> {
    this.#leaving.abort();
  }

  cancel(reason: string): void {
    // The caller waits for the end of the run, which tells what went wrong.
    this.#parts.client.cancel(this.id, reason).catch(() => {});
  }

  answer(question: string, value: unknown): Promise<void> {
    return answerRun(this.#parts, question, value, () => this.questions().map(({ id }) => id));
  }

  signal(kind: AnySignalKind, value: unknown, options: SignalOptions = {}): Promise<void> {
    return signalRun(this.#parts, kind, value, options);
  }

  questions(): readonly OpenQuestion[] {
    return this.#view.questions;
  }

  stage(): RunStage {
    return this.#view.stage;
  }

  describe(status: RunStatus): RunDescription {
    return this.#view.describe(status);
  }

  /** Starts the run, and tells when it is refused. */
  async #begin(): Promise<void> {
    const { begin, write, path, clock } = this.#parts;
    try {
      await begin();
    } catch (error) {
      const told = { runId: this.id, path, seq: 0, part: 1, time: clock.now() };
      write?.({ type: "run.refused", ...told, error: errorData(error) });
      throw error;
    }
  }

  async #follow(ending: Ending): Promise<Ended> {
    const { client, signal } = this.#parts;
    await this.#begin();
    ending.accepted?.();
    const onAbort = (): void => this.cancel(reasonOf(signal!.reason));
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const left = this.#leaving.signal;
      const [ended] = await Promise.race([
        Promise.all([client.end(this.id, left), this.#mirror()]),
        suspension(left, this.id),
      ]);
      return ended;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async #load(from: number, to: number): Promise<Story> {
    const events: OrchestrationEvent[] = [];
    for await (const event of this.#parts.client.events(this.id, from)) {
      if (event.part === undefined) events.push(event);
      if (event.seq >= to) break;
    }
    return { events, until: to };
  }

  async #mirror(): Promise<void> {
    const { client, write } = this.#parts;
    const left = this.#leaving.signal;
    for await (const event of client.events(this.id, 1, left)) {
      if (left.aborted) return;
      if (!isAfter(event, this.#seen)) continue;
      this.#seen = event;
      this.#view.hear(event);
      write?.(event);
    }
  }
}

/** Rejects when the run is left. */
function suspension(left: AbortSignal, runId: string): Promise<never> {
  return new Promise((_, reject) => {
    const leave = (): void => reject(new SuspendedError({ runId }));
    if (left.aborted) leave();
    left.addEventListener("abort", leave, { once: true });
  });
}

/** Whether an event comes after another in its run. */
function isAfter(
  { seq, part = 0 }: Pick<OrchestrationEvent, "seq" | "part">,
  other: Pick<OrchestrationEvent, "seq" | "part">,
): boolean {
  return seq > other.seq || (seq === other.seq && part > (other.part ?? 0));
}

function reasonOf(reason: unknown): string {
  return reason instanceof CancelledError ? reason.facts.reason : messageOf(reason);
}
