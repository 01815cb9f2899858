/** What happens in one run, as the server tells it when it is asked again and again. */
import { type Clock, isOrchError, OrchError, type OrchestrationEvent } from "@orch/core";
import type { KeptEnd, RunCard } from "../words/run-card.ts";
import type { RunService } from "./run-service.ts";

/** The pauses between two questions, in milliseconds: short after news, longer while nothing happens. */
const SHORTEST = 10;
const LONGEST = 500;

/** The parts of a feed. */
export interface FeedParts {
  readonly service: Pick<RunService, "read" | "order">;
  readonly clock: Clock;
  /** For how long the server may be away, in milliseconds. */
  readonly patience: number;
}

/** Something that a feed tells. */
export interface FeedNews {
  readonly card: RunCard;
  readonly events: readonly OrchestrationEvent[];
  readonly end?: KeptEnd;
}

/** Follows a run to its end. @throws UnknownRunError; what a call throws, once the server was away for longer than the patience. */
export async function* followRun(runId: string, parts: FeedParts): AsyncGenerator<FeedNews, void, undefined> {
  const { service, clock } = parts;
  let from = 0;
  let pause = SHORTEST;
  let problem: string | undefined;
  for (;;) {
    const page = await patiently(() => service.read(runId, from), parts);
    const isKnown = page !== undefined || (await patiently(() => service.order(runId), parts)) !== undefined;
    if (!isKnown) throw unknownRun(runId);
    const { card, events = [], end } = page ?? {};
    from = page?.next ?? from;
    const isNews = events.length > 0 || end !== undefined || card?.problem !== problem;
    problem = card?.problem;
    if (isNews) pause = SHORTEST;
    if (isNews && card !== undefined) yield { card, events, ...(end && { end }) };
    if (end !== undefined) return;
    if (page?.more === true) continue;
    await new Promise<void>((resolve) => clock.after(pause, resolve));
    pause = Math.min(LONGEST, pause * 1.5);
  }
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
      await new Promise<void>((resolve) => clock.after(pause, resolve));
    }
  }
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
