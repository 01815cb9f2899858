import type { Json } from "@orch/core";
import type { JsonObject } from "../reply/json-object.ts";
import { listOfWord } from "../reply/json-word.ts";
import { type A2aOutcome, unfitParams } from "./a2a-fault.ts";

/** Where a page of tasks ends. */
export type Place = readonly [updatedAt: number, run: string];

/** Which tasks are listed. */
export interface TasksQuery {
  readonly size: number;
  readonly context?: string;
  readonly state?: string;
  /** Those that changed at this time or later, in milliseconds since the epoch. */
  readonly since?: number;
  readonly after?: Place;
}

/** Reads the params of `ListTasks`. */
export function tasksQuery(params: JsonObject): TasksQuery | Extract<A2aOutcome, { fault: unknown }> {
  const size = params["pageSize"] ?? 50;
  if (!isSize(size)) return unfitParams("pageSize is not from 1 to 100.");
  const [context, state] = [textIn(params["contextId"]), textIn(params["status"])];
  const [token, time] = [textIn(params["pageToken"]), textIn(params["statusTimestampAfter"])];
  if (context === null || state === null || token === null || time === null)
    return unfitParams("contextId, status, pageToken or statusTimestampAfter is no text.");
  const after = token === undefined ? undefined : placeIn(token);
  if (after === null) return unfitParams("The pageToken is none that this server gave.");
  const since = time === undefined ? undefined : Date.parse(time);
  if (Number.isNaN(since)) return unfitParams("statusTimestampAfter is no time.");
  return {
    size,
    ...(context !== undefined && { context }),
    ...(state !== undefined && state !== "TASK_STATE_UNSPECIFIED" && { state }),
    ...(since !== undefined && { since }),
    ...(after !== undefined && { after }),
  };
}

function isSize(value: Json): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= 100;
}

/** A text; `undefined` for what is left out, and `null` for what is no text. */
function textIn(value: Json | undefined): string | undefined | null {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : null;
}

function placeIn(token: string): Place | null {
  const [at, run] = listOfWord(token) ?? [];
  return typeof at === "number" && typeof run === "string" ? [at, run] : null;
}
