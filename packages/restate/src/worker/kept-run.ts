/** What is kept of a run in the state of its virtual object. */
import type { Json, OrchestrationEvent } from "@orch/core";
import type { Arrival, TakenArrival } from "@orch/core/host";
import type { ObjectContext, ObjectSharedContext } from "@restatedev/restate-sdk";
import type { KeptEnd, RunCard, RunPage } from "../words/run-card.ts";
import type { SentMessage } from "../words/run-message.ts";
import type { KeptOrder } from "../words/run-order.ts";

/** An arrival with its decisions, and the message that brought it. */
export type KeptArrival = readonly [
  arrival: Arrival,
  decisions: readonly Json[],
  message?: Omit<SentMessage, "message">,
];

/** The events of one arrival. */
type Told = readonly [arrival: number, events: readonly OrchestrationEvent[]];

/** What stands outside of the pages. */
interface Fresh {
  readonly arrival: KeptArrival;
  readonly events: readonly OrchestrationEvent[];
}

/** The last arrivals of the pages. */
type Pages = readonly number[];

/** About how many characters a page has at most: one entry of a journal each time a run is taken up. */
const PAGE = 512 * 1024;
/** How many arrivals one reading tells at most. */
const READ = 64;

/** Keeps the arrivals and the events of one run. */
export class KeptRun {
  readonly #ctx: ObjectContext;
  readonly #pages: number[] = [];
  /** What was kept since the last page. */
  #fresh: Fresh[] = [];
  #card: RunCard | undefined;
  #hasEnd = false;
  /** Whether the card was written. */
  #isShown = false;

  constructor(ctx: ObjectContext) {
    this.#ctx = ctx;
  }

  /** The number of the last arrival. */
  get last(): number {
    return (this.#pages.at(-1) ?? 0) + this.#fresh.length;
  }

  /** Reads the arrivals, in their order. */
  async load(order: KeptOrder): Promise<readonly KeptArrival[]> {
    const ctx = this.#ctx;
    const { orchestration, version, hash, createdAt } = order;
    const card = { createdAt, runId: ctx.key, orchestration, version, hash };
    this.#hasEnd = (await ctx.get<KeptEnd>("end")) !== null;
    const shown = await ctx.get<RunCard>("card");
    this.#isShown = shown !== null;
    this.#card = shown ?? { ...card, status: "running", updatedAt: createdAt };
    this.#pages.push(...((await ctx.get<Pages>("pages")) ?? []));
    const all: KeptArrival[] = [];
    for (const index of this.#pages.keys()) {
      all.push(...((await ctx.get<readonly KeptArrival[]>(`page:${index}`)) ?? []));
    }
    // Only where a segment was killed something stands outside of the pages.
    for (;;) {
      const arrival = await ctx.get<KeptArrival>(`arrival:${this.last + 1}`);
      if (arrival === null) return all;
      const events = (await ctx.get<readonly OrchestrationEvent[]>(`events:${this.last + 1}`)) ?? [];
      this.#fresh.push({ arrival, events });
      all.push(arrival);
    }
  }

  /** Keeps an arrival, and tells its events. */
  keep(arrival: KeptArrival, { events }: Pick<TakenArrival, "events">): void {
    this.#fresh.push({ arrival, events });
    this.#ctx.set(`arrival:${this.last}`, arrival);
    this.#ctx.set(`events:${this.last}`, events);
  }

  /** Shows in lists where the run is after these events. */
  tell(events: readonly OrchestrationEvent[], at: number): void {
    const last = events.findLast(({ part }) => part === undefined);
    if (last !== undefined) this.#show(statusAfter(last), at);
  }

  /** Shows in lists that no worker can drive the run now. */
  pause(problem: string): void {
    this.#show("paused", this.#card!.updatedAt, problem);
  }

  #show(status: RunCard["status"], updatedAt: number, problem?: string): void {
    const { problem: before, ...card } = this.#card!;
    if (this.#isShown && card.status === status && before === problem) return;
    this.#isShown = true;
    this.#card = { ...card, status, updatedAt, ...(problem !== undefined && { problem }) };
    this.#ctx.set("card", this.#card);
  }

  /** Keeps how the run ended. Gives false when that is kept already. */
  end(end: KeptEnd): boolean {
    if (this.#hasEnd) return false;
    this.#hasEnd = true;
    this.#ctx.set("end", end);
    return true;
  }

  /** Puts what was kept one by one into pages, which are read at once. */
  turnPages(): void {
    let page: Fresh[] = [];
    let length = 0;
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const one of fresh) {
      page.push(one);
      length += JSON.stringify(one).length;
      if (length >= PAGE) {
        this.#turn(page);
        page = [];
        length = 0;
      }
    }
    if (page.length > 0) this.#turn(page);
    this.#shed(fresh.length);
  }

  /** Clears what stands in pages by now. The pages are named first: at each moment every arrival can be found. */
  #shed(count: number): void {
    if (count === 0) return;
    this.#ctx.set("pages", this.#pages);
    for (let number = this.last - count + 1; number <= this.last; number++) {
      this.#ctx.clear(`arrival:${number}`);
      this.#ctx.clear(`events:${number}`);
    }
  }

  #turn(page: Fresh[]): void {
    const first = this.last + 1;
    const index = this.#pages.length;
    this.#ctx.set(
      `page:${index}`,
      page.map(({ arrival }) => arrival),
    );
    const told: Told[] = page.map(({ events }, place) => [first + place, events]);
    this.#ctx.set(`story:${index}`, told);
    this.#pages.push(first + page.length - 1);
  }
}

/** Where a run is after an event. */
function statusAfter({ type }: OrchestrationEvent): RunCard["status"] {
  if (type === "run.waiting") return "waiting";
  if (type === "run.completed" || type === "run.failed" || type === "run.cancelled") {
    return type.slice("run.".length) as RunCard["status"];
  }
  return "running";
}

/** Reads what happened in a run after an arrival; `undefined` when nothing is kept of it. */
export async function readRun(ctx: ObjectSharedContext, from: number): Promise<RunPage | undefined> {
  const card = await ctx.get<RunCard>("card");
  if (card === null) return undefined;
  // The end is read before the events: where there is an end, all of them are there.
  const end = await ctx.get<KeptEnd>("end");
  const { index, told } = await readTold(ctx, from);
  const next = told.at(-1)?.[0] ?? from;
  const events = told.flatMap(([, some]) => some);
  const more = told.length >= READ || (index >= 0 && told.length > 0);
  return { card, ...(end !== null && !more && { end }), events, next, more };
}

/** Reads events, of a page or from outside of them. They may be put into a page meanwhile: then they are read there. */
async function readTold(
  ctx: ObjectSharedContext,
  from: number,
): Promise<{ readonly index: number; readonly told: readonly Told[] }> {
  for (;;) {
    const pages = (await ctx.get<Pages>("pages")) ?? [];
    const index = pages.findIndex((last) => last > from);
    if (index >= 0) return { index, told: await readPage(ctx, index, from) };
    const told = await readFresh(ctx, from);
    if (((await ctx.get<Pages>("pages")) ?? []).length === pages.length) return { index, told };
  }
}

async function readPage(ctx: ObjectSharedContext, index: number, from: number): Promise<readonly Told[]> {
  const story = (await ctx.get<readonly Told[]>(`story:${index}`)) ?? [];
  return story.filter(([number]) => number > from);
}

async function readFresh(ctx: ObjectSharedContext, from: number): Promise<readonly Told[]> {
  const told: Told[] = [];
  while (told.length < READ) {
    const number = from + told.length + 1;
    const events = await ctx.get<readonly OrchestrationEvent[]>(`events:${number}`);
    if (events === null) break;
    told.push([number, events]);
  }
  return told;
}
