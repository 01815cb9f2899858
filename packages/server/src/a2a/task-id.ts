/**
 * A client of A2A puts tasks into contexts. The context of a run stands in its id, so that the door keeps nothing of it. A run
 * that was started elsewhere is a context of its own.
 */
import type { Random } from "@orch/core";
import { newId } from "@orch/core/doors";

const PREFIX = "a2a-";
/** How many characters of chance end an id. */
const CHANCE = 16;
/** A context that a client may choose. */
const CONTEXT = /^[\w-]{1,43}$/;

/** Tells whether a client may choose this context. */
export function isContext(context: string): boolean {
  return CONTEXT.test(context);
}

/** A fresh context. */
export function newContext(now: number, random: Random): string {
  return newId("ctx", now, random);
}

/** A fresh id of a run in a context. */
export function newTaskId(context: string, now: number, random: Random): string {
  return `${PREFIX}${context}-${newId("task", now, random).slice(-CHANCE)}`;
}

/** The context of a run. */
export function contextOf(run: string): string {
  const context = run.slice(PREFIX.length, -CHANCE - 1);
  const isOurs = run.startsWith(PREFIX) && run.at(-CHANCE - 1) === "-" && isContext(context);
  return isOurs ? context : run;
}
