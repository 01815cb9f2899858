/** Runs on a Restate server, as `ClientHost` of core wants them. */
import type { Clock, OrchestrationEvent } from "@orch/core";
import { type AnyOrchestration, type Ended, type RunClient, reviveError, versionOf } from "@orch/core/host";
import { RestateDefinitionError } from "../errors/restate-definition-error.ts";
import type { KeptEnd } from "../words/run-card.ts";
import type { Reply } from "../words/run-message.ts";
import { RunEnds } from "./run-ends.ts";
import { type FeedNews, type FeedParts, followRun, unknownRun } from "./run-feed.ts";
import type { RunService } from "./run-service.ts";

/** What the client stands on. */
export interface ClientParts extends FeedParts {
  readonly service: RunService;
  readonly clock: Clock;
}

/** Makes the client's side of runs on a server. */
export function restateClient(parts: ClientParts): RunClient {
  const { service, clock } = parts;
  const ends = new RunEnds(parts);
  return {
    start: async ({ runId, runnable, input, grace }) => {
      const { version, hash } = versionOf(runnable as AnyOrchestration);
      const definition = { orchestration: runnable.id, version, hash };
      const order = { ...definition, grace, createdAt: clock.now(), ...(input !== undefined && { input }) };
      const ordered = await service.start(runId, order);
      if (ordered.kind !== "unknown") return ordered.kind;
      throw new RestateDefinitionError({ ...definition, known: ordered.known });
    },
    // What has a signal is read at once by the handle of a run. Others may stop reading, and nobody can wait for them.
    events: (runId, from, signal) =>
      eventsOf(signal === undefined ? followRun(runId, parts) : ends.follow(runId, signal), from),
    answer: async (runId, question, value) => {
      const reply = await send(service, runId, { kind: "answer", question, value });
      if (reply.kind === "refused") return reply.issues;
      if (reply.kind === "taken" || reply.kind === "duplicate" || reply.kind === "closed") {
        return reply.kind === "closed" ? reply : reply.kind;
      }
      return "unknown";
    },
    signal: async (runId, signal, value, { key }) => {
      const message = { kind: "signal", signal, value, ...(key !== undefined && { key }) } as const;
      const reply = await send(service, runId, message);
      if (reply.kind === "refused") return reply.issues;
      if (reply.kind === "taken" || reply.kind === "full" || reply.kind === "ended") return reply.kind;
      return "unknown";
    },
    cancel: async (runId, reason) => {
      await send(service, runId, { kind: "cancel", reason });
    },
    end: async (runId, signal) => endedOf(await ends.wait(runId, signal)),
  };
}

async function send(
  service: RunService,
  runId: string,
  message: Parameters<RunService["send"]>[1],
): Promise<Exclude<Reply, { kind: "absent" }>> {
  const reply = await service.send(runId, message);
  if (reply.kind === "absent") throw unknownRun(runId);
  return reply as Exclude<Reply, { kind: "absent" }>;
}

async function* eventsOf(
  feed: AsyncIterable<FeedNews>,
  from: number,
): AsyncGenerator<OrchestrationEvent, void, undefined> {
  for await (const { events } of feed) for (const event of events) if (event.seq >= from) yield event;
}

/** The output of a run that has ended. Throws the error that it ended with. */
export function outputOf(ended: Ended): unknown {
  if (ended.kind === "completed") return ended.value;
  throw ended.error;
}

/** How a run ended, with an error that is one. */
export function endedOf(end: KeptEnd): Ended {
  if (end.kind === "completed") return { kind: end.kind, value: end.value };
  return { kind: end.kind, error: reviveError(end.error) };
}
