/** How runs end. A run whose events are followed in this process tells its end with them, and is not asked for a second time. */
import { type FeedNews, type FeedParts, followRun, unknownRun } from "./run-feed.ts";

/** Of no run there are so many arrivals: who asks for those after it hears of the end alone. */
export const AFTER_ALL = 1e15;

type End = NonNullable<FeedNews["end"]>;

/** The runs of one client that are followed. */
export class RunEnds {
  readonly #parts: FeedParts;
  /** For each run the ends that feeds will tell; `undefined` where a feed ends before the run does. */
  readonly #coming = new Map<string, Set<Promise<End | undefined>>>();

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Follows a run for who reads all of it at once, and tells its end to who waits for that. */
  async *follow(runId: string, signal: AbortSignal): AsyncGenerator<FeedNews, void, undefined> {
    const { promise, resolve } = Promise.withResolvers<End | undefined>();
    const coming = this.#coming.get(runId) ?? new Set();
    this.#coming.set(runId, coming.add(promise));
    let end: End | undefined;
    try {
      for await (const news of followRun(runId, this.#parts, signal)) {
        end = news.end;
        if (end !== undefined) resolve(end);
        yield news;
      }
    } finally {
      coming.delete(promise);
      if (coming.size === 0) this.#coming.delete(runId);
      resolve(end);
    }
  }

  /** Waits for the end of a run. @throws UnknownRunError; what a call throws. */
  async wait(runId: string, signal?: AbortSignal): Promise<End> {
    // Who asks for the end asks for the events next.
    await Promise.resolve();
    for (const coming of this.#coming.get(runId) ?? []) {
      const end = await coming;
      if (end !== undefined) return end;
    }
    for await (const { end } of followRun(runId, this.#parts, signal, AFTER_ALL))
      if (end !== undefined) return end;
    throw unknownRun(runId);
  }
}
