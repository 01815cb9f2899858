/**
 * One call of a provider, from request to `finish`. Adapters say how to open the stream and what an
 * event means; everything that is the same for all of them is here: cancel, timeouts, failures, and
 * the rule that a message is whole only when the provider's own end marker was seen.
 */
import { type Clock, isOrchError } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import type { Origin } from "../words/message.ts";
import type { ModelEvent, ModelFailure } from "../words/model.ts";
import { abortedFailure, type FailureContext, failureOf, labelOf, protocolFailure } from "./failure.ts";
import { type Ending, MessageDraft } from "./message-draft.ts";
import { SilenceWatch } from "./silence-watch.ts";

/** How long a model may be silent, in milliseconds. `Infinity` switches a limit off. */
export interface Timeouts {
  /** Until the first bytes of the answer. Default 60,000. */
  readonly firstEvent?: number;
  /** Between bytes after that. Default 120,000. */
  readonly idle?: number;
  /** For the whole call. Default: no limit. */
  readonly total?: number;
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
  readonly signal: AbortSignal;
  readonly clock?: Clock | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** Texts that must not appear in failures: the key in use. */
  readonly secrets?: readonly string[];
  /** What the request loses on this provider, told with `start`. */
  readonly warnings?: readonly string[];
  readonly open: (opening: Opening) => Promise<Opened<TEvent>>;
  /** Reads one event into the draft. */
  readonly read: (event: TEvent, draft: MessageDraft, ctx: FailureContext) => void;
  /** Reads what was thrown where it is no error of the kinds that are known here; `undefined` where it is. */
  readonly failure?: (error: unknown, ctx: FailureContext) => ModelFailure | undefined;
  /** What a stream that closed without an end marker means. Default: it was interrupted. */
  readonly closed?: (draft: MessageDraft) => Ending | undefined;
}

/** Grace for what may follow an end marker (usage figures), in milliseconds. */
const TRAILING = 1_000;

type Stop = { readonly stopped: "aborted" | "silent" | "speechless" | "total" };

/** Runs a call. Ends with exactly one `finish`; throws only our own errors, and only before the first event. */
export async function* modelStream<TEvent>(job: StreamJob<TEvent>): AsyncGenerator<ModelEvent> {
  const clock = job.clock ?? systemClock;
  const { firstEvent = 60_000, idle = 120_000, total } = job.timeouts ?? {};
  const controller = new AbortController();
  const draft = new MessageDraft();
  const secrets = job.secrets ?? [];
  const context = (): FailureContext => ({ provider: job.id.provider, now: clock.now(), secrets });

  let stop: Stop | undefined;
  let wake: ((stop: Stop) => void) | undefined;
  const halt = (stopped: Stop["stopped"]): void => {
    stop ??= { stopped };
    controller.abort();
    wake?.(stop);
  };
  const onAbort = (): void => halt("aborted");
  const watch = new SilenceWatch(clock, (gaveSigns) => halt(gaveSigns ? "speechless" : "silent"));
  const endTotal = total === undefined ? undefined : clock.after(total, () => halt("total"));
  job.signal.addEventListener("abort", onAbort, { once: true });
  if (job.signal.aborted) onAbort();

  /** Waits for `work`, but not longer than for the first reason to stop. */
  const until = async <T>(work: () => Promise<T>, limit: number): Promise<T | Stop> => {
    if (stop !== undefined) return stop;
    watch.wait(limit);
    try {
      return await new Promise<T | Stop>((resolve, reject) => {
        wake = resolve;
        work().then(resolve, reject);
      });
    } finally {
      wake = undefined;
      watch.rest();
    }
  };

  let alive = false;
  let started = false;
  let events: AsyncIterator<TEvent> | undefined;
  let ending: Ending | undefined;
  try {
    const touch = (): void => {
      alive = true;
      watch.touch();
    };
    const opened = await until(() => job.open({ controller, alive: touch }), firstEvent);
    if (isStop(opened)) ending = stopEnding(opened, job.id.provider, firstEvent, total, false);
    else events = opened.events[Symbol.asyncIterator]();
    while (ending === undefined && !isStop(opened)) {
      const limit = draft.end !== undefined ? TRAILING : alive ? idle : firstEvent;
      const next = await until(() => events!.next(), limit);
      if (isStop(next)) {
        ending = draft.end ?? stopEnding(next, job.id.provider, limit, total, alive);
      } else if (next.done) {
        // The SDKs end silently when they are aborted, so an end says nothing by itself.
        const stopped = stop && stopEnding(stop, job.id.provider, limit, total, alive);
        ending = draft.end ?? stopped ?? job.closed?.(draft) ?? interrupted(closedEarly(job.id.provider));
      } else {
        alive = true;
        readInto(job, next.value, draft, context());
        if (!started) {
          started = true;
          yield startEvent(draft, opened.requestId, job);
        }
        yield* draft.drain();
        if (draft.end?.error !== undefined) ending = draft.end;
      }
    }
  } catch (error) {
    // A mistake in the program, not a failure of the provider: a missing SDK, say.
    if (!started && isOrchError(error)) throw error;
    ending = draft.end ?? brokenEnding(error, job, stop, started, context(), firstEvent, total);
  } finally {
    watch.stop();
    endTotal?.();
    job.signal.removeEventListener("abort", onAbort);
    controller.abort();
    // The stream is given up, not waited for: what it still throws is nobody's concern.
    events?.return?.()?.then(undefined, () => undefined);
  }
  if (!started && job.warnings !== undefined) draft.warnings.unshift(...job.warnings);
  const { raw, ...end } = ending ?? interrupted(closedEarly(job.id.provider));
  yield* draft.finish(job.id, raw === undefined ? end : { ...end, raw: labelOf(raw, secrets) });
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

function isStop(value: unknown): value is Stop {
  return typeof value === "object" && value !== null && "stopped" in value;
}

function startEvent<TEvent>(
  { model }: MessageDraft,
  requestId: string | undefined,
  { warnings, secrets = [] }: StreamJob<TEvent>,
): ModelEvent {
  return {
    type: "start",
    ...(requestId && { requestId: labelOf(requestId, secrets) }),
    ...(typeof model === "string" && { model: labelOf(model, secrets) }),
    ...(warnings !== undefined && warnings.length > 0 && { warnings }),
  };
}

const WHAT_HAPPENED: {
  readonly [K in Exclude<Stop["stopped"], "aborted">]: (
    limit: number,
    total: number,
    alive: boolean,
  ) => string;
} = {
  silent: (limit, _total, alive) =>
    `${alive ? "went silent" : "did not begin to answer"} for ${limit / 1000} s.`,
  speechless: () => "kept the connection alive for ten minutes without saying anything.",
  total: (_limit, total) => `did not finish within ${total / 1000} s.`,
};

function stopEnding(
  { stopped }: Stop,
  provider: string,
  limit: number,
  total: number | undefined,
  alive: boolean,
): Ending {
  if (stopped === "aborted") return { reason: "aborted", error: abortedFailure(provider) };
  const message = `${provider} ${WHAT_HAPPENED[stopped](limit, total ?? 0, alive)}`;
  return { reason: "error", error: { kind: "timeout", message, retryable: true } };
}

function brokenEnding(
  error: unknown,
  job: Pick<StreamJob<never>, "failure">,
  stop: Stop | undefined,
  started: boolean,
  ctx: FailureContext,
  limit: number,
  total: number | undefined,
): Ending {
  if (stop !== undefined) return stopEnding(stop, ctx.provider, limit, total, started);
  const failure = job.failure?.(error, ctx) ?? failureOf(error, ctx);
  return started && failure.kind === "network" ? interrupted(failure) : { reason: "error", error: failure };
}

function interrupted(error: ModelFailure): Ending {
  return { reason: "interrupted", error };
}

function closedEarly(provider: string): ModelFailure {
  return {
    kind: "network",
    message: `${provider} closed the stream before the end of its answer.`,
    retryable: true,
  };
}
