/** What happens in one run, as the server tells it when it is asked again and again. */
import { type Clock, isOrchError, OrchError, type OrchestrationEvent } from "@orch/core";
import type { KeptEnd, RunCard, RunPage } from "../words/run-card.ts";
import type { RunService } from "./run-service.ts";

/**
 * The pauses between two questions, in milliseconds: short after news, longer while nothing happens. A question costs server and
 * workers some milliseconds, so a place that answers slowly is asked less often: the pause is some times as long as the answer took.
 */
const SHORTEST = 10;
const LONGEST = 500;
const TIMES = 3;

/** The parts of a feed. */
export interface FeedParts {
  readonly service: Pick<RunService, "read" | "order">;
  readonly clock: Clock;
  /** For how long the server may be away, in milliseconds. */
  readonly patience: number;
}

/** Something that a feed tells. */
export interface FeedNews {
  readonly events: readonly OrchestrationEvent[];
  readonly end?: KeptEnd;
}

/**
 * Follows a run to its end, or until `signal` is aborted: what happens in it after an arrival, by default from its beginning.
 *
 * @throws UnknownRunError; what a call throws, once the server was away for longer than the patience.
 */
export async function* followRun(
  runId: string,
  parts: FeedParts,
  signal?: AbortSignal,
  after = 0,
): AsyncGenerator<FeedNews, void, undefined> {
  let from = after;
  let pause = SHORTEST;
  const pauses = new Pauses();
  while (signal?.aborted !== true) {
    const asked = parts.clock.now();
    const page = await readPage(runId, from, parts);
    const shortest = Math.min(LONGEST, Math.max(SHORTEST, TIMES * (parts.clock.now() - asked)));
    from = page.next;
    const { end } = page;
    const events = [...page.events, ...pauses.after(page, parts.clock)];
    const isNews = events.length > 0 || end !== undefined;
    if (isNews) yield { events, ...(end && { end }) };
    if (end !== undefined) return;
    if (page.more) continue;
    pause = isNews ? shortest : Math.min(LONGEST, Math.max(shortest, pause * 1.5));
    await waitFor(pause, parts.clock, signal);
  }
}

/** What happened in a run after an arrival, until now. @throws UnknownRunError. */
export async function readUntilNow(
  runId: string,
  parts: FeedParts,
  from = 0,
): Promise<Pick<RunPage, "card" | "events">> {
  const events: OrchestrationEvent[] = [];
  const pauses = new Pauses();
  for (let next = from; ; ) {
    const page = await readPage(runId, next, parts);
    next = page.next;
    events.push(...page.events, ...pauses.after(page, parts.clock));
    if (!page.more) return { card: page.card, events };
  }
}

/** Tells of the times in which no worker can drive a run. */
class Pauses {
  #problem: string | undefined;
  #seq = 0;
  #part = 0;

  /** The events of a pause that begins or ends with a page. */
  after({ card, events, more }: RunPage, clock: Clock): readonly OrchestrationEvent[] {
    const last = events.at(-1);
    if (last !== undefined) {
      this.#seq = last.seq;
      this.#part = last.part ?? 0;
    }
    const { runId, orchestration: path, problem } = card;
    if (more || problem === this.#problem) return [];
    this.#problem = problem;
    this.#part += 1;
    const base = { seq: this.#seq, part: this.#part, time: clock.now(), runId, path };
    return [
      problem === undefined
        ? { type: "run.continued", ...base }
        : { type: "run.paused", reason: problem, ...base },
    ];
  }
}

/** A page of a run. One that was ordered, and of which nothing is kept yet, has no events. */
async function readPage(runId: string, from: number, parts: FeedParts): Promise<RunPage> {
  const { service } = parts;
  const page = await patiently(() => service.read(runId, from), parts);
  if (page !== undefined) return page;
  const order = await patiently(() => service.order(runId), parts);
  if (order === undefined) throw unknownRun(runId);
  const { orchestration, version, hash, createdAt } = order;
  const card: RunCard = {
    runId,
    orchestration,
    version,
    hash,
    status: "running",
    createdAt,
    updatedAt: createdAt,
  };
  return { card, events: [], next: from, more: false };
}

/** Makes a call again while the server is away. */
async function patiently<TValue>(
  call: () => Promise<TValue>,
  { clock, patience }: FeedParts,
): Promise<TValue> {
  const until = clock.now() + patience;
  for (let pause = SHORTEST; ; pause = Math.min(LONGEST, pause * 2)) {
    try {
      return await call();
    } catch (error) {
      const isAway =
        isOrchError(error, "ORCH_RESTATE_UNREACHABLE") || isOrchError(error, "ORCH_RESTATE_SILENT");
      if (!isAway || clock.now() >= until) throw error;
      await waitFor(pause, clock);
    }
  }
}

/** Waits so many milliseconds, or until the signal is aborted. */
function waitFor(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise<void>((resolve) => {
    const end = (): void => {
      stop();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const stop = clock.after(ms, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}

/** There is no run of this id. */
export function unknownRun(runId: string): OrchError<"ORCH_UNKNOWN_RUN"> {
  return new OrchError(
    "ORCH_UNKNOWN_RUN",
    { runId },
    {
      says: `There is no run of the id "${runId}" on this host.`,
      fix: "Take the id from host.list(), and check that the host reads the place the run was started on.",
    },
  );
}
