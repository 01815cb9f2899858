/** The services that a worker offers to a Restate server. */
import type { ObjectContext, ObjectSharedContext } from "@restatedev/restate-sdk";
import type { KeptNote, OnceNote } from "../words/once-note.ts";
import type { RunPage } from "../words/run-card.ts";
import type { Reply, RunMessage, SentMessage } from "../words/run-message.ts";
import type { Driver, KeptOrder, Ordered } from "../words/run-order.ts";
import { type DriveParts, drive } from "./drive.ts";
import {
  driverOf,
  Inbox,
  notesOf,
  type Resting,
  type SegmentOrder,
  type SegmentRest,
  sendMessage,
} from "./inbox.ts";
import type { WorkerHandler } from "./listen.ts";
import { readRun } from "./read-run.ts";
import { performStep, type StepOrder } from "./step.ts";
import { loggerOf, type WorkerLog } from "./worker-log.ts";

/** What the services stand on. */
export interface ServiceParts extends DriveParts {
  /** How long an attempt may take until the server gives its worker up, in milliseconds. */
  readonly longestAttempt: number;
  readonly identityKeys: readonly string[] | undefined;
  readonly log: WorkerLog;
}

/** How the server tries again what a worker did not end, in milliseconds. */
const RETRIES = { initialInterval: 50, maxInterval: 10_000 };

/** Each call of a client has a key by which the server keeps its answer for a day. What only looks is asked again and again: nothing of it is kept. */
const LOOKS = { idempotencyRetention: 0 };

/** Makes what takes the requests of the server. */
export function serviceHandler(parts: ServiceParts): WorkerHandler {
  const { sdk, names, longestAttempt, identityKeys, log } = parts;
  const options = { abortTimeout: longestAttempt, retryPolicy: RETRIES, journalRetention: 0 };
  const lazy = { ...options, enableLazyState: true };
  const endpoint = sdk.endpoint().setLogger(loggerOf(log));
  if (identityKeys !== undefined && identityKeys.length > 0) endpoint.withIdentityV1(...identityKeys);
  const services = [
    sdk.object({ name: names.run, handlers: runHandlers(parts), options: lazy }),
    sdk.object({ name: names.inbox, handlers: inboxHandlers(parts), options: lazy }),
    sdk.service({
      name: names.step,
      handlers: { perform: (ctx, order: StepOrder) => performStep(ctx, order, { ...parts, ...parts.rules }) },
      options: { ...options, ingressPrivate: true },
    }),
  ];
  for (const service of services) endpoint.bind(service);
  return endpoint.http2Handler();
}

function runHandlers(parts: ServiceParts) {
  const { exclusive, shared } = parts.sdk.handlers.object;
  return {
    drive: exclusive({ ingressPrivate: true }, (ctx: ObjectContext, given: SegmentOrder) =>
      drive(ctx, given, parts),
    ),
    read: shared(
      LOOKS,
      async (ctx: ObjectSharedContext, { from }: { readonly from: number }): Promise<RunPage | null> =>
        (await readRun(ctx, from)) ?? null,
    ),
    forget: exclusive({}, async (ctx: ObjectContext): Promise<void> => ctx.clearAll()),
  };
}

function inboxHandlers(parts: ServiceParts) {
  const { exclusive, shared } = parts.sdk.handlers.object;
  const hidden = { ingressPrivate: true };
  const of = (ctx: ObjectContext): Inbox => new Inbox(ctx, parts);
  type Put = Omit<SentMessage, "number">;
  return {
    start: (ctx: ObjectContext, order: KeptOrder): Promise<Ordered> => of(ctx).start(order),
    put: exclusive(hidden, (ctx: ObjectContext, put: Put): Promise<boolean> => of(ctx).put(put)),
    rest: exclusive(hidden, (ctx: ObjectContext, rest: SegmentRest): Promise<Resting> => of(ctx).rest(rest)),
    ring: exclusive(hidden, (ctx: ObjectContext, ring: Pick<SegmentOrder, "segment">) => of(ctx).ring(ring)),
    resume: (ctx: ObjectContext, given: Driver): Promise<void> => of(ctx).resume(given),
    forget: (ctx: ObjectContext, given: Partial<Pick<KeptOrder, "createdAt">>): Promise<boolean> =>
      of(ctx).forget(given),
    send: shared(
      {},
      (ctx: ObjectSharedContext, message: RunMessage): Promise<Reply> => sendMessage(ctx, message, parts),
    ),
    keep: (ctx: ObjectContext, note: KeptNote): Promise<void> => of(ctx).keep(note),
    notes: shared(
      LOOKS,
      (ctx: ObjectSharedContext, { operation }: Pick<KeptNote, "operation">): Promise<readonly OnceNote[]> =>
        notesOf(ctx, operation),
    ),
    order: shared(
      LOOKS,
      async (ctx: ObjectSharedContext): Promise<KeptOrder | null> => ctx.get<KeptOrder>("order"),
    ),
    driver: shared(LOOKS, (ctx: ObjectSharedContext): Promise<Driver | null> => driverOf(ctx)),
  };
}
