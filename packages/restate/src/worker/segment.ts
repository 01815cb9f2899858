/**
 * A segment: one invocation that drives a run from its last rest to its next. It awaits one thing at a time, because the
 * engine's promises allow no more, and journals few entries, because a run that rests or has taken many arrivals goes on
 * in another segment.
 */
import type { Arrival, Effect, RestoredMachine, RunMachine, TakenArrival } from "@orch/core/host";
import type { ObjectContext } from "@restatedev/restate-sdk";
import type { Reply, SentMessage } from "../words/run-message.ts";
import { Attempts } from "./attempts.ts";
import type { KeptArrival, KeptRun, KeptSnapshot } from "./kept-run.ts";
import { Messages } from "./messages.ts";
import type { SegmentParts } from "./segment-parts.ts";
import { Sleeps } from "./sleeps.ts";

/** An arrival whose time is not known yet. */
type Undated<TArrival = Arrival> = TArrival extends Arrival ? Omit<TArrival, "at"> : never;

/** What a segment waits for. */
export type News =
  | {
      readonly kind: "ran";
      readonly id: string;
      readonly outcome: Extract<Arrival, { kind: "ran" }>["outcome"];
    }
  | { readonly kind: "absent"; readonly id: string }
  | { readonly kind: "message"; readonly sent: SentMessage }
  | { readonly kind: "time"; readonly due: number }
  | { readonly kind: "cancelled" };

/** A snapshot from which a segment goes on. */
interface RestoredFrom extends Pick<RestoredMachine, "effects">, Pick<KeptSnapshot, "seen"> {}

/** Why a run is cancelled whose invocation was. */
export const CANCELLED_ON_SERVER = "its invocation was cancelled on the server";

/** How long an attempt waits when the worker that was asked does not have its definition, in milliseconds. */
const ABSENT_PAUSE = 1_000;

/** Drives a run until it rests or has ended. */
export class Segment {
  readonly #parts: SegmentParts;
  readonly #ctx: ObjectContext;
  readonly #machine: RunMachine;
  readonly #kept: KeptRun;
  readonly #attempts: Attempts;
  readonly #sleeps: Sleeps;
  readonly #messages: Messages;
  /** The clients that wait to hear whether their answer counts, by question. */
  readonly #replies = new Map<string, string>();
  /** The open questions. */
  readonly #asked = new Set<string>();
  /** How questions ended since the last snapshot. */
  readonly #ends = new Map<string, Reply>();
  /** The last time that is known, in milliseconds since the epoch. */
  #now = 0;
  #taken = 0;
  #isDone = false;

  constructor(parts: SegmentParts) {
    this.#parts = parts;
    this.#ctx = parts.ctx;
    this.#machine = parts.machine;
    this.#kept = parts.kept;
    this.#attempts = new Attempts(parts);
    this.#sleeps = new Sleeps(parts);
    this.#messages = new Messages(parts);
  }

  /**
   * Takes what was kept, without doing anything on account of it. `now`: when this segment begins, which may be long after;
   * `from`: the snapshot after which the arrivals came.
   */
  async restore(kept: readonly KeptArrival[], now: number, from?: RestoredFrom): Promise<void> {
    for (const effect of from?.effects ?? []) this.#note(effect);
    if (from !== undefined) this.#messages.taken(from.seen);
    for (const [arrival, decisions, message] of kept) {
      this.#now = Math.max(this.#now, arrival.at);
      const { effects } = this.#machine.take(arrival, decisions);
      if (message !== undefined) this.#messages.taken(message.number);
      if (arrival.kind === "answer" && message !== undefined)
        this.#replies.set(arrival.question, message.reply);
      if (arrival.kind === "ran") this.#attempts.close(arrival.id);
      if (arrival.kind === "woke") this.#sleeps.end(arrival.id);
      for (const effect of effects) {
        this.#note(effect);
        await this.#closed(effect);
        if (effect.kind === "drop" || effect.kind === "verdict") this.#replies.delete(effect.id);
      }
    }
    this.#now = Math.max(this.#now, now);
  }

  async drive(): Promise<void> {
    if (this.#kept.last === 0) await this.#take({ kind: "begin" });
    while (this.#machine.end === undefined) {
      const isLong = this.#taken >= this.#parts.segmentLength;
      if (!isLong) this.#attempts.begin();
      const next = this.#messages.next();
      if (next !== undefined) await this.#message(next);
      else if (this.#attempts.isIdle && isLong) {
        if (await this.#rest(0)) return;
      } else await this.#news();
      if (this.#isDone) return;
    }
    await this.#end();
  }

  async #news(): Promise<void> {
    const { isIdle, isPostponed } = this.#attempts;
    const restAt = isIdle ? this.#now + this.#parts.restAfter : Number.POSITIVE_INFINITY;
    const due = this.#sleeps.due ?? Number.POSITIVE_INFINITY;
    const againAt = isPostponed ? this.#now + ABSENT_PAUSE : Number.POSITIVE_INFINITY;
    const news = await this.#race(Math.min(due, restAt, againAt));
    switch (news.kind) {
      case "ran":
        this.#attempts.close(news.id);
        await this.#take({ kind: "ran", id: news.id, outcome: news.outcome });
        break;
      case "absent":
        this.#attempts.postpone(news.id);
        break;
      case "message":
        this.#messages.receive([news.sent]);
        break;
      case "cancelled":
        await this.#take({ kind: "cancel", reason: CANCELLED_ON_SERVER });
        break;
      case "time":
        this.#now = Math.max(this.#now, news.due);
        if (this.#now >= againAt) this.#attempts.release();
        // What was woken may want attempts, which have to be begun first.
        if (!(await this.#wake()) && this.#now >= restAt) this.#isDone = await this.#restUntilDue();
    }
  }

  /** Waits for whatever comes first. The only place that waits for more than one thing. */
  async #race(until: number): Promise<News> {
    const { RestatePromise, CancelledError } = this.#parts.sdk;
    const sleep = this.#sleeps.until(until, this.#now);
    const open = [...this.#attempts.open(), this.#messages.open(), ...(sleep === undefined ? [] : [sleep])];
    try {
      return await RestatePromise.race(open);
    } catch (error) {
      if (error instanceof CancelledError) return { kind: "cancelled" };
      throw error;
    }
  }

  /** Brings what is due. Gives false when nothing was. */
  async #wake(): Promise<boolean> {
    const before = this.#taken;
    for (let id = this.#sleeps.awake(this.#now); id !== undefined; id = this.#sleeps.awake(this.#now)) {
      this.#sleeps.end(id);
      await this.#take({ kind: "woke", id });
    }
    return this.#taken > before;
  }

  /** Takes an arrival: keeps it with its decisions, and then does what follows from it. */
  async #take(undated: Undated, message?: Omit<SentMessage, "message">): Promise<void> {
    const { clock, watch } = this.#parts;
    let live: TakenArrival | undefined;
    const { at, decisions } = await this.#ctx.run("take", () => {
      const at = Math.max(clock.now(), this.#now);
      watch?.("before");
      live = this.#machine.take({ ...undated, at } as Arrival);
      return { at, decisions: live.decisions };
    });
    if (live !== undefined) watch?.("after");
    const arrival = { ...undated, at } as Arrival;
    const taken = (live as TakenArrival | undefined) ?? this.#machine.take(arrival, decisions);
    this.#now = at;
    this.#taken += 1;
    this.#kept.keep(message === undefined ? [arrival, decisions] : [arrival, decisions, message], taken);
    for (const effect of taken.effects) await this.#follow(effect);
  }

  /** Remembers what the run wants. */
  #note(effect: Effect): void {
    if (effect.kind === "run") this.#attempts.want(effect.operation);
    if (effect.kind === "wake") this.#sleeps.want(effect.id, effect.due);
    if (effect.kind === "ask") this.#asked.add(effect.id);
    if (effect.kind === "drop") {
      this.#attempts.close(effect.id);
      this.#sleeps.end(effect.id);
    }
  }

  /** Remembers how a question ended, until it is kept with a snapshot. */
  async #closed(effect: Effect): Promise<void> {
    const isEnd = effect.kind === "drop" || (effect.kind === "verdict" && effect.issues === undefined);
    if (isEnd && this.#asked.delete(effect.id)) this.#ends.set(effect.id, await this.#checkClosed(effect.id));
  }

  async #follow(effect: Effect): Promise<void> {
    if (effect.kind === "drop" || effect.kind === "abort") await this.#attempts.abort(effect.id);
    this.#note(effect);
    await this.#closed(effect);
    if (effect.kind !== "drop" && effect.kind !== "verdict") return;
    const reply = this.#replies.get(effect.id);
    if (reply === undefined) return;
    this.#replies.delete(effect.id);
    if (effect.kind === "drop") this.#reply(reply, await this.#checkClosed(effect.id));
    else if (effect.issues === undefined) this.#reply(reply, { kind: "taken" });
    else this.#reply(reply, { kind: "refused", issues: effect.issues });
  }

  #reply(id: string, reply: Reply): void {
    this.#ctx.resolveAwakeable(id, reply);
  }

  async #message({ number, message, reply }: SentMessage): Promise<void> {
    this.#messages.taken(number);
    const sent = { number, reply };
    if (message.kind === "cancel") {
      await this.#take({ kind: "cancel", reason: message.reason }, sent);
      this.#reply(reply, { kind: "taken" });
    } else if (message.kind === "signal") {
      const { signal, value, key } = message;
      const checked = await this.#ctx.run("check", () => this.#machine.checkSignal(signal, value));
      if (checked.kind !== "accepted") return this.#reply(reply, checked as Reply);
      const { kind: _, ...given } = checked;
      await this.#take({ kind: "signal", signal, ...given, ...(key !== undefined && { key }) }, sent);
      this.#reply(reply, { kind: "taken" });
    } else {
      const { question, value } = message;
      const checked = await this.#ctx.run("check", () => this.#machine.check(question, value));
      if (typeof checked === "string") return this.#reply(reply, await this.#ended(question, checked));
      if (checked.kind === "refused" || checked.kind === "closed") return this.#reply(reply, checked);
      this.#replies.set(question, reply);
      await this.#take({ kind: "answer", question, answer: checked }, sent);
    }
  }

  /** What an answer hears to a question that is not open. No schema is asked for that, so every process says the same. */
  async #checkClosed(question: string): Promise<Reply> {
    const checked = await this.#machine.check(question, null);
    if (typeof checked !== "string") return checked.kind === "closed" ? checked : { kind: "unknown" };
    return this.#ended(question, checked);
  }

  /** What is known of a question that is not open. One that ended before the snapshot is not known to the run any more. */
  async #ended(question: string, known: "duplicate" | "unknown"): Promise<Reply> {
    if (known === "duplicate") return { kind: known };
    return (await this.#kept.endOf(question)) ?? { kind: known };
  }

  #restUntilDue(): Promise<boolean> {
    const { due } = this.#sleeps;
    return this.#rest(due === undefined ? undefined : Math.max(1, due - this.#now));
  }

  /** Ends the segment, unless messages have come. */
  async #rest(wakeIn: number | undefined): Promise<boolean> {
    const make = (): string | undefined => (this.#replies.size === 0 ? this.#machine.snapshot() : undefined);
    if (this.#kept.putSnapshot(make, this.#messages.seen, this.#ends)) this.#ends.clear();
    await this.#kept.turnPages();
    const messages = await this.#messages.rest(wakeIn);
    if (messages === undefined) return true;
    this.#messages.receive(messages);
    this.#taken = 0;
    return false;
  }

  /** Tells the end, and those whose messages came too late. */
  async #end(): Promise<void> {
    const { end } = this.#machine;
    // Also where the segment before was killed between the last arrival and this.
    if (end !== undefined) this.#parts.ended(end);
    do {
      for (let late = this.#messages.next(); late !== undefined; late = this.#messages.next())
        await this.#tooLate(late);
    } while (!(await this.#rest(undefined)));
  }

  async #tooLate({ number, message, reply }: SentMessage): Promise<void> {
    this.#messages.taken(number);
    this.#reply(
      reply,
      message.kind === "answer" ? await this.#checkClosed(message.question) : { kind: "ended" },
    );
  }
}
