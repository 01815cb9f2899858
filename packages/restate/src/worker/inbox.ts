/** The inbox of a run: takes what comes from outside, and begins the segments in which the run is driven. */
import type { ObjectContext, ObjectSharedContext } from "@restatedev/restate-sdk";
import type { KeptNote, OnceNote } from "../words/once-note.ts";
import type { Reply, RunMessage, SentMessage } from "../words/run-message.ts";
import type { Driver, KeptOrder, Ordered } from "../words/run-order.ts";
import type { ServiceNames } from "../words/service-names.ts";
import type { Definitions } from "./definitions.ts";
import type { Sdk } from "./sdk.ts";
import { callService, sendService } from "./service-call.ts";

/** What a segment begins with. */
export interface SegmentOrder {
  /** From 1. */
  readonly segment: number;
  readonly order: KeptOrder;
  /** How many messages have come so far. */
  readonly count: number;
  /** Those of them that were not taken, in their order. */
  readonly messages: readonly SentMessage[];
}

/** A segment that has nothing to do, or too long a journal. */
export interface SegmentRest {
  readonly segment: number;
  /** The number of the last message that it took. */
  readonly seen: number;
  /** When the run has to go on without a message: at once, or in so many milliseconds. */
  readonly wakeIn?: number;
  /** This worker cannot drive the run: it is tried again later, by a worker of the newest deployment. */
  readonly isRefused?: true;
}

/** What a segment that wants to rest is told. `rests`: it is over. */
export type Resting =
  | { readonly kind: "rests" }
  | { readonly kind: "messages"; readonly messages: readonly SentMessage[] };

/** The name of the signal by which a segment hears of a message. */
export const messageSignal = (number: number): string => `message-${number}`;

/** The state of an inbox. */
interface InboxState {
  readonly order: KeptOrder;
  /** How many messages have come. */
  readonly count: number;
  /** How many of them were taken. */
  readonly seen: number;
  readonly segment: number;
  /** The invocation that drives the run; absent while it rests. */
  readonly driver: string;
  /** The operations that kept values of `ctx.once`. */
  readonly noted: readonly string[];
  /** How often workers refused it since it was last driven. */
  readonly refusals: number;
}

/** How long a run waits at first, and at most, for a worker that has its definition, in milliseconds. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** What inboxes stand on. */
export interface InboxParts {
  readonly sdk: Sdk;
  readonly names: ServiceNames;
  readonly definitions: Definitions;
}

/** One inbox, in one invocation. */
export class Inbox {
  readonly #ctx: ObjectContext;
  readonly #parts: InboxParts;

  constructor(ctx: ObjectContext, parts: InboxParts) {
    this.#ctx = ctx;
    this.#parts = parts;
  }

  async start(order: KeptOrder): Promise<Ordered> {
    const { definitions } = this.#parts;
    if ((await this.#get("order")) !== null) return { kind: "exists" };
    const known = await this.#ctx.run("knows", () =>
      definitions.find(order) === undefined ? definitions.versions(order.orchestration) : true,
    );
    if (known !== true) return { kind: "unknown", known };
    this.#set("order", order);
    await this.#begin(order);
    return { kind: "created" };
  }

  /** Takes a message. Gives false when there is no such run. */
  async put({ message, reply }: Omit<SentMessage, "number">): Promise<boolean> {
    const order = await this.#get("order");
    if (order === null) return false;
    const number = ((await this.#get("count")) ?? 0) + 1;
    const sent: SentMessage = { number, message, reply };
    this.#set("count", number);
    this.#ctx.set(`message:${number}`, sent);
    const driver = await this.#get("driver");
    if (driver === null) await this.#begin(order);
    else {
      const invocation = this.#parts.sdk.InvocationIdParser.fromString(driver);
      this.#ctx.invocation(invocation).signal<SentMessage>(messageSignal(number)).resolve(sent);
    }
    return true;
  }

  /** Keeps a value that an attempt made. */
  async keep({ operation, note }: KeptNote): Promise<void> {
    if ((await this.#get("order")) === null) return;
    const noted = (await this.#get("noted")) ?? [];
    if (!noted.includes(operation)) this.#set("noted", [...noted, operation]);
    this.#ctx.set(`notes:${operation}`, [...(await notesOf(this.#ctx, operation)), note]);
  }

  /** Lets a segment end, unless messages have come that it did not take. */
  async rest({ segment, seen, wakeIn, isRefused }: SegmentRest): Promise<Resting> {
    const order = await this.#get("order");
    if (order === null || (await this.#get("segment")) !== segment) return { kind: "rests" };
    if (isRefused === true) return this.#refused(segment);
    this.#ctx.clear("refusals");
    await this.#acknowledge(seen);
    // No attempt is under way: what attempts kept came with their outcomes.
    for (const operation of (await this.#get("noted")) ?? []) this.#ctx.clear(`notes:${operation}`);
    this.#ctx.clear("noted");
    const messages = await this.#open(seen);
    if (messages.length > 0 && wakeIn !== 0) return { kind: "messages", messages };
    this.#ctx.clear("driver");
    if (wakeIn === 0) await this.#begin(order);
    else if (wakeIn !== undefined) this.#ringIn(segment, wakeIn);
    return { kind: "rests" };
  }

  /** A run that rests goes on, unless it has gone on before. */
  async ring({ segment }: Pick<SegmentOrder, "segment">): Promise<void> {
    const order = await this.#get("order");
    if (order === null || (await this.#get("driver")) !== null || (await this.#get("segment")) !== segment)
      return;
    await this.#begin(order);
  }

  /** Begins another segment, because the one that drove the run was killed. Where another drives it by now nothing is done. */
  async resume({ driver }: Driver): Promise<void> {
    const order = await this.#get("order");
    if (order !== null && (await this.#get("driver")) === driver) await this.#begin(order);
  }

  /** Gives false when there is nothing to forget. `createdAt`: only the run of that time, and none that has its id by now. */
  async forget({ createdAt }: Partial<Pick<KeptOrder, "createdAt">>): Promise<boolean> {
    const order = await this.#get("order");
    if (createdAt !== undefined && order?.createdAt !== createdAt) return false;
    // Sent from here, it comes before whatever another run of this id may want.
    const { sdk, names } = this.#parts;
    sendService(this.#ctx, sdk, { service: names.run, method: "forget", key: this.#ctx.key, parameter: {} });
    this.#ctx.clearAll();
    return order !== null;
  }

  #get<TKey extends keyof InboxState & string>(key: TKey): Promise<InboxState[TKey] | null> {
    return this.#ctx.get<InboxState[TKey]>(key);
  }

  #set<TKey extends keyof InboxState & string>(key: TKey, value: InboxState[TKey]): void {
    this.#ctx.set(key, value);
  }

  /** The messages that were not taken. */
  async #open(seen: number): Promise<SentMessage[]> {
    const count = (await this.#get("count")) ?? 0;
    const messages: SentMessage[] = [];
    for (let number = seen + 1; number <= count; number++) {
      const sent = await this.#ctx.get<SentMessage>(`message:${number}`);
      if (sent !== null) messages.push(sent);
    }
    return messages;
  }

  async #begin(order: KeptOrder): Promise<void> {
    const { sdk, names } = this.#parts;
    const segment = ((await this.#get("segment")) ?? 0) + 1;
    const messages = await this.#open((await this.#get("seen")) ?? 0);
    const count = (await this.#get("count")) ?? 0;
    const parameter: SegmentOrder = { segment, order, count, messages };
    const call = { service: names.run, method: "drive", key: this.#ctx.key, parameter };
    const driver = await sendService(this.#ctx, sdk, call).invocationId;
    this.#set("segment", segment);
    this.#set("driver", driver);
  }

  async #refused(segment: number): Promise<Resting> {
    const refusals = (await this.#get("refusals")) ?? 0;
    this.#set("refusals", refusals + 1);
    this.#ctx.clear("driver");
    this.#ringIn(segment, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** refusals));
    return { kind: "rests" };
  }

  #ringIn(segment: number, delay: number): void {
    const { sdk, names } = this.#parts;
    const call = { service: names.inbox, method: "ring", key: this.#ctx.key, parameter: { segment } };
    sendService(this.#ctx, sdk, call, delay);
  }

  /** Forgets messages that were taken. */
  async #acknowledge(seen: number): Promise<void> {
    const before = (await this.#get("seen")) ?? 0;
    for (let number = before + 1; number <= seen; number++) this.#ctx.clear(`message:${number}`);
    if (seen > before) this.#set("seen", seen);
  }
}

/** The values that an attempt has kept. */
export async function notesOf(ctx: ObjectSharedContext, operation: string): Promise<readonly OnceNote[]> {
  return (await ctx.get<readonly OnceNote[]>(`notes:${operation}`)) ?? [];
}

/** What drives a run; `null` when there is no such run. */
export async function driverOf(ctx: ObjectSharedContext): Promise<Driver | null> {
  if ((await ctx.get<KeptOrder>("order")) === null) return null;
  return { driver: await ctx.get<string>("driver") };
}

/** Sends a message and waits until the run has taken it. */
export async function sendMessage(
  ctx: ObjectSharedContext,
  message: RunMessage,
  parts: InboxParts,
): Promise<Reply> {
  const { sdk, names } = parts;
  const { id: reply, promise } = ctx.awakeable<Reply>();
  const call = { service: names.inbox, method: "put", key: ctx.key, parameter: { message, reply } };
  const isThere = await callService<boolean>(ctx, sdk, call);
  return isThere ? promise : { kind: "absent" };
}
