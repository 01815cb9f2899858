/**
 * One call of a provider, from request to `finish`. Adapters say how to open the stream and what an
 * event means; everything that is the same for all of them is here: cancel, timeouts, failures, and
 * the rule that a message is whole only when the provider's own end marker was seen.
 */
import { type Clock, isOrchError } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import type { Origin } from "../words/message.ts";
import type { ModelEvent, ModelFailure, ModelRequest } from "../words/model.ts";
import { counted } from "./counted.ts";
import { type FailureContext, failureOf, protocolFailure } from "./failure.ts";
import { labelOf } from "./failure-text.ts";
import { type Ending, MessageDraft } from "./message-draft.ts";
import { neverSent } from "./never-sent.ts";
import { SilenceWatch } from "./silence-watch.ts";
import { closedEarly, cut, interrupted, isStop, type StreamStop, stopEnding } from "./stream-ending.ts";

/** How long a model may be silent, in milliseconds. `Infinity` switches a limit off. */
export interface Timeouts {
  /** Until the first bytes of the answer. Default 60,000. */
  readonly firstEvent?: number;
  /** Between bytes after that. Default 120,000. */
  readonly idle?: number;
  /** For the whole call. Default: no limit. */
  readonly total?: number;
  /** After the end of the answer, for figures that a server tells later. Default 5,000. */
  readonly usage?: number;
}

/** What an adapter is given to open its stream with. */
export interface Opening {
  /** Ends the request when it is aborted. An adapter may abort it too. */
  readonly controller: AbortController;
  /** To be called for every piece of bytes, so that a slow answer is not taken for a dead one. */
  readonly alive: () => void;
}

/** A provider's answer: its events as they come. */
export interface Opened<TEvent> {
  readonly events: AsyncIterable<TEvent>;
  readonly requestId?: string | undefined;
}

/** One call, as an adapter describes it. */
export interface StreamJob<TEvent> {
  readonly id: Origin;
  readonly request: ModelRequest;
  readonly clock?: Clock | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** Texts that must not appear in failures: the key in use. */
  readonly secrets?: readonly string[];
  /** The parts of the request that this provider does not support, reported with `start`. */
  readonly warnings?: readonly string[];
  readonly open: (opening: Opening) => Promise<Opened<TEvent>>;
  /** Reads one event into the draft. */
  readonly read: (event: TEvent, draft: MessageDraft, ctx: FailureContext) => void;
  /** Classifies an error of a kind that this file does not know; `undefined` leaves it to the default. */
  readonly failure?: (error: unknown, ctx: FailureContext) => ModelFailure | undefined;
  /** Called when nothing more comes, for what the adapter held back until then. */
  readonly end?: (draft: MessageDraft) => void;
  /** What a stream that closed without an end marker means. Default: it was interrupted. */
  readonly closed?: (draft: MessageDraft) => Ending | undefined;
}

/** Grace for what may follow an end marker once the figures are known, in milliseconds. */
const TRAILING = 1_000;

/** Runs a call. Ends with exactly one `finish`; throws only our own errors, and only before the first event. */
export async function* modelStream<TEvent>(job: StreamJob<TEvent>): AsyncGenerator<ModelEvent> {
  const call = new Call(job);
  try {
    await call.open();
    for (;;) {
      const next = await call.next();
      if (next === undefined) break;
      // Without a generator around this one, which would double the cost of each piece of text.
      yield* call.read(next.value);
    }
  } catch (error) {
    // A mistake in the program, not a failure of the provider: a missing SDK, say.
    if (!call.started && isOrchError(error)) throw error;
    call.broke(error);
  } finally {
    call.close();
  }
  yield* call.finish();
}

/** A running call: opened, read event by event, and closed. The first cause that stops it decides its ending. */
class Call<TEvent> {
  /** Whether the first event of the answer was told. */
  started = false;
  readonly #job: StreamJob<TEvent>;
  readonly #clock: Clock;
  readonly #firstEvent: number;
  readonly #idle: number;
  readonly #total: number | undefined;
  readonly #figures: number;
  readonly #controller = new AbortController();
  readonly #draft = new MessageDraft();
  readonly #watch: SilenceWatch;
  readonly #endTotal: (() => void) | undefined;
  readonly #onAbort = (): void => this.#halt("aborted");
  #stop: StreamStop | undefined;
  #wake: ((stop: StreamStop) => void) | undefined;
  #events: AsyncIterator<TEvent> | undefined;
  #requestId: string | undefined;
  /** Whether any bytes came. */
  #alive = false;
  #ending: Ending | undefined;
  /** Whether the request never reached the provider. */
  #isUnsent = false;

  constructor(job: StreamJob<TEvent>) {
    const { clock = systemClock } = job;
    const { signal } = job.request;
    const { firstEvent = 60_000, idle = 120_000, total, usage = 5_000 } = job.timeouts ?? {};
    this.#job = job;
    this.#clock = clock;
    this.#firstEvent = firstEvent;
    this.#idle = idle;
    this.#total = total;
    this.#figures = usage;
    this.#watch = new SilenceWatch(clock, (gaveSigns) => this.#halt(gaveSigns ? "speechless" : "silent"));
    this.#endTotal = total === undefined ? undefined : clock.after(total, () => this.#halt("total"));
    signal.addEventListener("abort", this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  /** Opens the stream. Sets an ending when opening took too long. */
  async open(): Promise<void> {
    const alive = (): void => {
      this.#alive = true;
      this.#watch.touch();
    };
    const controller = this.#controller;
    this.#isUnsent = this.#stop !== undefined;
    const opened = await this.#until(() => this.#job.open({ controller, alive }), this.#firstEvent);
    if (isStop(opened)) {
      this.#ending = stopEnding(opened, this.#job.id.provider, this.#firstEvent, this.#total, false);
      return;
    }
    this.#requestId = opened.requestId;
    this.#events = opened.events[Symbol.asyncIterator]();
  }

  /** Gives the next event of the provider; `undefined` once there is an ending. */
  async next(): Promise<{ readonly value: TEvent } | undefined> {
    if (this.#ending !== undefined) return undefined;
    const limit = this.#limit();
    const next = await this.#until(() => this.#events!.next(), limit);
    if (isStop(next)) this.#ending = this.#draft.end ?? this.#stopEnding(next, limit);
    else if (next.done) this.#ending = this.#closed(limit);
    else return next;
    return undefined;
  }

  /** Reads an event of the provider, and tells what it amounts to. */
  *read(event: TEvent): Generator<ModelEvent> {
    this.#alive = true;
    readInto(this.#job, event, this.#draft, this.#context());
    const said = this.#draft.drain();
    // Some servers begin with a chunk that names nothing: what begins is told with the first name, or the first word.
    const unnamed = this.#draft.model === "" && said.length === 0 && this.#draft.end === undefined;
    if (!this.started && !unnamed) {
      this.started = true;
      yield startEvent(this.#draft, this.#requestId, this.#job);
    }
    yield* said;
    if (this.#draft.end?.error !== undefined) this.#ending = this.#draft.end;
  }

  /** Decides how a call ends in which something was thrown. */
  broke(error: unknown): void {
    this.#ending = this.#draft.end ?? this.#brokenEnding(error);
    this.#isUnsent ||= !this.#alive && this.#events === undefined && neverSent(error);
  }

  /** Releases everything the call holds. */
  close(): void {
    this.#watch.stop();
    this.#endTotal?.();
    this.#job.request.signal.removeEventListener("abort", this.#onAbort);
    this.#controller.abort();
    // The stream is abandoned, not awaited: its later errors are ignored.
    this.#events?.return?.()?.then(undefined, () => undefined);
  }

  /** The last event, with the whole message. */
  *finish(): Generator<ModelEvent> {
    const { id, warnings, secrets = [] } = this.#job;
    if (!this.started && warnings !== undefined) this.#draft.warnings.unshift(...warnings);
    this.#job.end?.(this.#draft);
    const { raw, ...end } = this.#ending ?? interrupted(closedEarly(id.provider));
    const ending = raw === undefined ? end : { ...end, raw: labelOf(raw, secrets) };
    for (const event of this.#draft.finish(id, ending, this.#isUnsent)) {
      yield event.type === "finish" ? counted(event, this.#job.request) : event;
    }
  }

  /** How long the next event may take, in milliseconds. */
  #limit(): number {
    if (this.#draft.end !== undefined) return this.#draft.hasUsage ? TRAILING : this.#figures;
    return this.#alive ? this.#idle : this.#firstEvent;
  }

  /** Waits for `work`, but not longer than for the first reason to stop. */
  async #until<T>(work: () => Promise<T>, limit: number): Promise<T | StreamStop> {
    if (this.#stop !== undefined) return this.#stop;
    this.#watch.wait(limit);
    try {
      return await new Promise<T | StreamStop>((resolve, reject) => {
        this.#wake = resolve;
        work().then(resolve, reject);
      });
    } finally {
      this.#wake = undefined;
      this.#watch.rest();
    }
  }

  #halt(stopped: StreamStop["stopped"]): void {
    this.#stop ??= { stopped };
    this.#controller.abort();
    this.#wake?.(this.#stop);
  }

  /** The SDKs end silently when they are aborted, so the end of a stream says nothing by itself. */
  #closed(limit: number): Ending {
    const { closed, id } = this.#job;
    const stopped = this.#stop && this.#stopEnding(this.#stop, limit);
    return this.#draft.end ?? stopped ?? closed?.(this.#draft) ?? interrupted(closedEarly(id.provider));
  }

  #stopEnding(stop: StreamStop, limit: number): Ending {
    return stopEnding(stop, this.#job.id.provider, limit, this.#total, this.#alive);
  }

  #brokenEnding(error: unknown): Ending {
    const { id, failure } = this.#job;
    if (this.#stop !== undefined) {
      return stopEnding(this.#stop, id.provider, this.#firstEvent, this.#total, this.started);
    }
    const context = this.#context();
    const told = failure?.(error, context) ?? failureOf(error, context);
    if (told.kind === "refused") return { reason: "refusal", error: told };
    return this.started && told.kind === "network"
      ? interrupted(cut(told))
      : { reason: "error", error: told };
  }

  #context(): FailureContext {
    const { id, secrets = [] } = this.#job;
    return { provider: id.provider, now: this.#clock.now(), secrets };
  }
}

/** An event that the adapter stumbles over is the provider's fault, and no reason to throw. */
function readInto<TEvent>(
  job: StreamJob<TEvent>,
  event: TEvent,
  draft: MessageDraft,
  ctx: FailureContext,
): void {
  try {
    job.read(event, draft, ctx);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    draft.failed(protocolFailure(`${ctx.provider} sent an event that cannot be read: ${why}`, ctx));
  }
}

function startEvent<TEvent>(
  { model }: MessageDraft,
  requestId: string | undefined,
  { warnings, secrets = [] }: StreamJob<TEvent>,
): ModelEvent {
  return {
    type: "start",
    ...(requestId && { requestId: labelOf(requestId, secrets) }),
    ...(typeof model === "string" && model !== "" && { model: labelOf(model, secrets) }),
    ...(warnings !== undefined && warnings.length > 0 && { warnings }),
  };
}
