/**
 * What is kept of a run in the state of its virtual object: its arrivals with their events, how far it is, and a snapshot, by
 * which a segment goes on without the arrivals before it.
 */
import type { Json, OrchestrationEvent } from "@orch/core";
import type { Arrival, TakenArrival } from "@orch/core/host";
import type { ObjectContext } from "@restatedev/restate-sdk";
import type { KeptRunCard } from "../words/kept-run-card.ts";
import type { KeptEnd, RunCard } from "../words/run-card.ts";
import type { Reply, SentMessage } from "../words/run-message.ts";
import type { KeptOrder } from "../words/run-order.ts";
import type { Told } from "./read-run.ts";

/** An arrival with its decisions, and the message that brought it. */
export type KeptArrival = readonly [
  arrival: Arrival,
  decisions: readonly Json[],
  message?: Omit<SentMessage, "message">,
];

/** A run as it was when a segment rested. */
export interface KeptSnapshot {
  /** The number of the last arrival before it. */
  readonly last: number;
  /** The number of the last message that was taken before it. */
  readonly seen: number;
  readonly text: string;
}

/** How questions ended since the last snapshot, by their ids. */
type QuestionEnds = ReadonlyMap<string, Reply>;

/** About how many characters a page has at most: one entry of a journal when a run is read. */
const PAGE = 512 * 1024;
/** How many arrivals stand outside of pages, and after a snapshot, at most when a segment rests. */
const FRESH = 64;
/** The longest snapshot, in characters. A run with more is taken up by its arrivals. */
const LONGEST = 2 * 1024 * 1024;

/** Keeps the arrivals and the events of one run. */
export class KeptRun {
  readonly #ctx: ObjectContext;
  readonly #arrivals = new Map<number, KeptArrival>();
  readonly #events = new Map<number, readonly OrchestrationEvent[]>();
  #card!: KeptRunCard;
  #hasEnd = false;
  /** Where the snapshot is, and how long it is. */
  #snapshot = { last: 0, length: 0 };

  constructor(ctx: ObjectContext) {
    this.#ctx = ctx;
  }

  /** The number of the last arrival. */
  get last(): number {
    return this.#card.last;
  }

  /** Reads how far the run is; gives its snapshot, if there is one. */
  async load(order: KeptOrder): Promise<KeptSnapshot | undefined> {
    const ctx = this.#ctx;
    const { orchestration, version, hash, createdAt } = order;
    const reading = [
      ctx.get<KeptEnd>("end"),
      ctx.get<KeptRunCard>("card"),
      ctx.get<KeptSnapshot>("snapshot"),
    ];
    const [end, card, snapshot] = reading as [Promise<unknown>, Promise<unknown>, Promise<unknown>];
    this.#hasEnd = (await end) !== null;
    const ordered = { createdAt, runId: ctx.key, orchestration, version, hash };
    const fresh = { ...ordered, status: "running", updatedAt: createdAt, last: 0, paged: 0 } as const;
    this.#card = ((await card) as KeptRunCard | null) ?? fresh;
    const kept = ((await snapshot) as KeptSnapshot | null) ?? undefined;
    if (kept !== undefined) this.#snapshot = { last: kept.last, length: kept.text.length };
    return kept;
  }

  /** Reads the arrivals after a number, in their order. */
  async after(number: number): Promise<readonly KeptArrival[]> {
    const { last, paged } = this.#card;
    const all: KeptArrival[] = [];
    if (number < paged) {
      const pages = (await this.#ctx.get<readonly number[]>("pages")) ?? [];
      for (const [index, end] of pages.entries()) {
        if (end <= number || end > paged) continue;
        const page = (await this.#ctx.get<readonly KeptArrival[]>(`page:${index}`)) ?? [];
        all.push(...page.slice(Math.max(0, page.length - (end - number))));
      }
    }
    await this.#read(Math.max(number, paged), last);
    for (let fresh = Math.max(number, paged) + 1; fresh <= last; fresh++)
      all.push(this.#arrivals.get(fresh)!);
    return all;
  }

  /** Keeps an arrival, and tells its events. */
  keep(arrival: KeptArrival, { events }: Pick<TakenArrival, "events">): void {
    const number = this.last + 1;
    this.#arrivals.set(number, arrival);
    this.#events.set(number, events);
    this.#ctx.set(`arrival:${number}`, arrival);
    this.#ctx.set(`events:${number}`, events);
    const told = events.findLast(({ part }) => part === undefined);
    const status = told === undefined ? this.#card.status : statusAfter(told);
    const { updatedAt } = this.#card;
    const isSame = status === this.#card.status;
    this.#show({ ...this.#card, last: number, status, updatedAt: isSame ? updatedAt : arrival[0].at });
  }

  /** Shows in lists that no worker can drive the run now. */
  pause(problem: string): void {
    const { status, before = status } = this.#card;
    if (this.#card.problem !== problem) this.#show({ ...this.#card, status: "paused", problem, before });
  }

  /** Shows that a worker drives it again. */
  goOn(): void {
    const { problem, before, ...card } = this.#card;
    if (before !== undefined) this.#show({ ...card, status: before });
  }

  #show(card: KeptRunCard): void {
    this.#card = card;
    this.#ctx.set("card", card);
  }

  /** Keeps how the run ended. Gives false when that is kept already. */
  end(end: KeptEnd): boolean {
    if (this.#hasEnd) return false;
    this.#hasEnd = true;
    this.#ctx.set("end", end);
    this.#ctx.clear("snapshot");
    return true;
  }

  /**
   * Keeps a snapshot when it is worth its length: one that is long waits until the arrivals after the last one are half as
   * long or many. With it goes how questions ended, which is in no snapshot. Gives whether it was kept.
   */
  putSnapshot(make: () => string | undefined, seen: number, ends: QuestionEnds): boolean {
    const { last, length } = this.#snapshot;
    const count = this.last - last;
    if (count === 0 || (count < FRESH && this.#lengthAfter(last) < length / 2)) return false;
    const text = make();
    if (text === undefined || text.length > LONGEST) return false;
    for (const [question, end] of ends) this.#ctx.set(`question:${question}`, end);
    this.#ctx.set("snapshot", { last: this.last, seen, text } satisfies KeptSnapshot);
    this.#snapshot = { last: this.last, length: text.length };
    return true;
  }

  /** How a question ended before the snapshot; `undefined` when it was not asked. */
  async endOf(question: string): Promise<Reply | undefined> {
    return (await this.#ctx.get<Reply>(`question:${question}`)) ?? undefined;
  }

  /** Puts what stands outside of pages into pages, which are read at once, when it is much or the last. */
  async turnPages(): Promise<void> {
    const { last, paged } = this.#card;
    if (last === paged || (last - paged < FRESH && !this.#hasEnd)) return;
    await this.#read(paged, last);
    const missing = numbersOf(paged, last).filter((number) => !this.#events.has(number));
    for (const [number, events] of await this.#getAll<readonly OrchestrationEvent[]>("events", missing))
      this.#events.set(number, events);
    const pages = ((await this.#ctx.get<readonly number[]>("pages")) ?? []).filter((end) => end <= paged);
    let page: number[] = [];
    let length = 0;
    for (const number of numbersOf(paged, last)) {
      page.push(number);
      length += JSON.stringify([this.#arrivals.get(number), this.#events.get(number)]).length;
      if (length < PAGE && number < last) continue;
      this.#turn(page, pages);
      page = [];
      length = 0;
    }
    this.#ctx.set("pages", pages);
    this.#show({ ...this.#card, paged: last });
    // The pages are named first: at each moment every arrival can be found.
    for (const number of numbersOf(paged, last)) {
      this.#ctx.clear(`arrival:${number}`);
      this.#ctx.clear(`events:${number}`);
    }
    this.#arrivals.clear();
    this.#events.clear();
  }

  #turn(page: readonly number[], pages: number[]): void {
    const told = page.map((number): Told => [number, this.#events.get(number)!]);
    this.#ctx.set(
      `page:${pages.length}`,
      page.map((number) => this.#arrivals.get(number)!),
    );
    this.#ctx.set(`story:${pages.length}`, told);
    pages.push(page.at(-1)!);
  }

  /** How many characters the arrivals after a number have that are at hand. */
  #lengthAfter(number: number): number {
    let length = 0;
    for (const [at, arrival] of this.#arrivals) if (at > number) length += JSON.stringify(arrival).length;
    return length;
  }

  /** Reads the arrivals after one number up to another that are not at hand. */
  async #read(from: number, to: number): Promise<void> {
    const missing = numbersOf(from, to).filter((number) => !this.#arrivals.has(number));
    for (const [number, arrival] of await this.#getAll<KeptArrival>("arrival", missing))
      this.#arrivals.set(number, arrival);
  }

  /** Reads values, many with one question to the server. */
  async #getAll<TValue>(name: string, numbers: readonly number[]): Promise<[number, TValue][]> {
    const all: [number, TValue][] = [];
    for (let from = 0; from < numbers.length; from += FRESH) {
      const some = numbers.slice(from, from + FRESH);
      const asked = some.map((number) => [number, this.#ctx.get<TValue>(`${name}:${number}`)] as const);
      for (const [number, value] of asked) all.push([number, (await value) as TValue]);
    }
    return all;
  }
}

/** The numbers after one up to another. */
function numbersOf(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index + 1);
}

/** Where a run is after an event. */
function statusAfter({ type }: OrchestrationEvent): RunCard["status"] {
  if (type === "run.waiting") return "waiting";
  if (type === "run.completed" || type === "run.failed" || type === "run.cancelled") {
    return type.slice("run.".length) as RunCard["status"];
  }
  return "running";
}
