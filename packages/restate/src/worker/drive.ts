/** Drives a run by a worker that has its definition, and leaves it to another where it has not. */
import type { EventError, Json } from "@orch/core";
import { errorData, messageOf } from "@orch/core/doors";
import { type Ended, openMachine, restoreMachine } from "@orch/core/host";
import type { ObjectContext } from "@restatedev/restate-sdk";
import type { KeptEnd } from "../words/run-card.ts";
import type { RunMessage } from "../words/run-message.ts";
import type { ServiceNames } from "../words/service-names.ts";
import type { Definitions } from "./definitions.ts";
import type { SegmentOrder, SegmentRest } from "./inbox.ts";
import { KeptRun } from "./kept-run.ts";
import type { Sdk } from "./sdk.ts";
import { CANCELLED_ON_SERVER, Segment } from "./segment.ts";
import type { SegmentRules } from "./segment-parts.ts";
import { callService, sendService } from "./service-call.ts";

/** What driving stands on. */
export interface DriveParts {
  readonly sdk: Sdk;
  readonly names: ServiceNames;
  readonly definitions: Definitions;
  readonly rules: SegmentRules;
  /** After how long a run that has ended is forgotten, in milliseconds; without it never. */
  readonly retention: number | undefined;
}

/** Drives a run until it rests or has ended. */
export async function drive(ctx: ObjectContext, given: SegmentOrder, parts: DriveParts): Promise<void> {
  try {
    await driveOn(ctx, given, parts);
  } catch (error) {
    if (!(error instanceof parts.sdk.CancelledError)) throw error;
    cancelElsewhere(ctx, given, parts);
  }
}

/** An invocation that was cancelled on the server where it could not be taken: another one takes it, from what is kept. */
function cancelElsewhere(ctx: ObjectContext, { segment }: SegmentOrder, { sdk, names }: DriveParts): void {
  const inbox = { service: names.inbox, key: ctx.key };
  const message: RunMessage = { kind: "cancel", reason: CANCELLED_ON_SERVER };
  sendService(ctx, sdk, { ...inbox, method: "send", parameter: message });
  const rest: SegmentRest = { segment, seen: 0, wakeIn: 0 };
  sendService(ctx, sdk, { ...inbox, method: "rest", parameter: rest });
}

async function driveOn(ctx: ObjectContext, given: SegmentOrder, parts: DriveParts): Promise<void> {
  const { sdk, names, definitions, rules } = parts;
  const kept = new KeptRun(ctx);
  const { order } = given;
  const { input, grace } = order;
  const { clock } = rules;
  const options = { runId: ctx.key, grace, clock };
  const snapshot = await kept.load(order);
  const flow = definitions.find(order);
  const restored = flow && snapshot && restoreMachine(flow, snapshot.text, options);
  let isAgain = true;
  const { isKnown, isRestored, now } = await ctx.run("begins", () => {
    isAgain = false;
    return { isKnown: flow !== undefined, isRestored: restored !== undefined, now: clock.now() };
  });
  if (!isKnown || flow === undefined) {
    const problem = `no worker has "${order.orchestration}" in version ${order.version} (${order.hash})`;
    // A replay by another worker: the engine tries again until one is there that has it, as the first one had.
    if (isKnown) throw new sdk.RetryableError(problem);
    return refuse(ctx, given, kept, parts, problem);
  }
  if (isRestored && restored === undefined)
    throw new sdk.RetryableError("this worker cannot read the snapshot by which another one began");
  const arrivals = await kept.after(isRestored ? snapshot!.last : 0);
  const machine = isRestored ? restored!.machine : openMachine(flow, input, options);
  const ended = (end: Ended): void => {
    if (kept.end(keptEnd(end)) && parts.retention !== undefined)
      forgetLater(ctx, given, parts, parts.retention);
  };
  const segment = new Segment({ ...rules, ctx, sdk, names, order, given, machine, kept, ended, isAgain });
  try {
    await segment.restore(arrivals, now, isRestored ? { ...snapshot!, ...restored! } : undefined);
  } catch (error) {
    return refuse(ctx, given, kept, parts, messageOf(error));
  }
  kept.goOn();
  await segment.drive();
}

/** Leaves a run that this worker cannot drive to a later one. */
async function refuse(
  ctx: ObjectContext,
  { segment }: SegmentOrder,
  kept: KeptRun,
  { sdk, names }: DriveParts,
  problem: string,
): Promise<void> {
  kept.pause(problem);
  const parameter: SegmentRest = { segment, seen: 0, isRefused: true };
  await callService(ctx, sdk, { service: names.inbox, method: "rest", key: ctx.key, parameter });
}

function forgetLater(
  ctx: ObjectContext,
  { order: { createdAt } }: SegmentOrder,
  { names, sdk }: DriveParts,
  delay: number,
): void {
  const call = { service: names.inbox, method: "forget", key: ctx.key, parameter: { createdAt } };
  sendService(ctx, sdk, call, delay);
}

function keptEnd(end: Ended): KeptEnd {
  if (end.kind === "completed")
    return end.value === undefined ? { kind: end.kind } : { kind: end.kind, value: end.value as Json };
  return { kind: end.kind, error: errorData(end.error) as EventError };
}
