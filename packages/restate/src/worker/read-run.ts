/** What a client reads of a run, from the state of its virtual object. Each question to the server costs, so there are few. */
import type { OrchestrationEvent } from "@orch/core";
import type { ObjectSharedContext } from "@restatedev/restate-sdk";
import { type KeptRunCard, shownCard } from "../words/kept-run-card.ts";
import type { KeptEnd, RunPage } from "../words/run-card.ts";

/** The events of one arrival. */
export type Told = readonly [arrival: number, events: readonly OrchestrationEvent[]];

/** How many arrivals one reading tells at most. */
const READ = 64;

/** The statuses of runs that have ended. */
const ENDS: readonly string[] = ["completed", "failed", "cancelled"];

/** Reads what happened in a run after an arrival; `undefined` when nothing is kept of it. */
export async function readRun(ctx: ObjectSharedContext, from: number): Promise<RunPage | undefined> {
  for (;;) {
    const card = await ctx.get<KeptRunCard>("card");
    if (card === null) return undefined;
    const { last, paged, status } = card;
    const told = from < paged ? await readPage(ctx, from) : await readFresh(ctx, from, last);
    // What is not there any more was put into a page meanwhile.
    if (told.length === 0 && from < last) continue;
    const next = told.at(-1)?.[0] ?? from;
    const more = next < last;
    const end = !more && ENDS.includes(status) ? await ctx.get<KeptEnd>("end") : null;
    const events = told.flatMap(([, some]) => some);
    return { card: shownCard(card), ...(end !== null && { end }), events, next, more };
  }
}

async function readPage(ctx: ObjectSharedContext, from: number): Promise<readonly Told[]> {
  const pages = (await ctx.get<readonly number[]>("pages")) ?? [];
  const index = pages.findIndex((last) => last > from);
  const story = (await ctx.get<readonly Told[]>(`story:${index}`)) ?? [];
  return story.filter(([number]) => number > from);
}

async function readFresh(ctx: ObjectSharedContext, from: number, last: number): Promise<readonly Told[]> {
  const count = Math.max(0, Math.min(last - from, READ));
  const asked = Array.from({ length: count }, (_, index) => {
    const number = from + index + 1;
    return [number, ctx.get<readonly OrchestrationEvent[]>(`events:${number}`)] as const;
  });
  const told: Told[] = [];
  for (const [number, events] of asked) {
    const some = await events;
    if (some !== null && told.length === number - from - 1) told.push([number, some]);
  }
  return told;
}
