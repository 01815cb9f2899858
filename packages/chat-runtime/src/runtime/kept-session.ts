/** The session of a runtime, as it is kept: opened once, written turn by turn, and read from memory. */
import type { Message, UserMessage } from "@orch/agents";
import { type Clock, isOrchError } from "@orch/core";
import { messageOf } from "@orch/core/doors";
import { conversationOf } from "../session/conversation-of.ts";
import { memorySessions } from "../session/memory-sessions.ts";
import { plainSpending } from "../session/plain-spending.ts";
import { addSpent } from "../session/session-spent.ts";
import type { Session, SessionStore, TurnRecord } from "../session/session-store.ts";
import { sessionTitle } from "../session/session-title.ts";
import type { TurnSummary } from "../session/turn-summary.ts";
import type { LiveTurn } from "../turn/live-turn.ts";
import { type RecentTurns, turnsBefore } from "./recent-turns.ts";

/** One session in its store. */
export class KeptSession {
  readonly #id: string;
  readonly #store: SessionStore;
  readonly #ownsStore: boolean;
  readonly #clock: Clock;
  readonly #recent: RecentTurns | undefined;
  #opening: Promise<Session> | undefined;
  #session: Session | undefined;
  #history: readonly Message[] = [];
  /** Turns that ended and could not be written, for a full disk perhaps. They are written before anything that comes later. */
  readonly #unwritten = new Map<
    string,
    { readonly record: TurnRecord; readonly begin?: () => Promise<void> }
  >();
  /** The turns in the order in which they began here: one in the background ends after later ones. */
  readonly #began: string[] = [];

  /** Without a store the session lives in memory, until it is closed. */
  constructor(id: string, store: SessionStore | undefined, clock: Clock, recent?: RecentTurns) {
    this.#id = id;
    this.#store = store ?? memorySessions();
    this.#ownsStore = store === undefined;
    this.#clock = clock;
    this.#recent = recent;
  }

  /** The session with its ended turns; `undefined` until it is open. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** The messages of the turns that have an answer, oldest first. */
  get history(): readonly Message[] {
    return this.#history;
  }

  /** The same of the turns before one that is tried again; of all of them before a new one. */
  historyBefore(turnId: string): readonly Message[] {
    const before = this.turnsBefore(turnId);
    const { length } = this.#session?.turns ?? [];
    return before.length >= length - 1 ? this.#history : conversationOf(before);
  }

  /** A record with the summary that was written for its turn, now or when it was tried before. */
  withSummary(record: TurnRecord, written: TurnSummary | undefined): TurnRecord {
    const summary = written ?? this.#session?.turns.find(({ id }) => id === record.id)?.summary;
    return summary === undefined ? record : { ...record, summary };
  }

  /** The turns before one that is tried again, and `more` from it on; all of them before a new one. */
  turnsBefore(turnId: string, more = 0): readonly TurnRecord[] {
    const turns = this.#session?.turns ?? [];
    const at = turns.findIndex(({ id }) => id === turnId);
    return at === -1 ? turns : turns.slice(0, at + more);
  }

  /** Opens it for writing, once; after a failure the next call tries again. */
  open(): Promise<Session> {
    const range = this.#recent && { last: this.#recent.turns };
    this.#opening ??= this.#store.open(this.#id, this.#clock.now(), range).then(
      (session) => {
        this.#session = session;
        this.#history = conversationOf(session.turns);
        return session;
      },
      (error: unknown) => {
        this.#opening = undefined;
        throw error;
      },
    );
    return this.#opening;
  }

  /** Keeps the user's message before it is answered. */
  async begin(live: LiveTurn): Promise<void> {
    const { id, startedAt, message } = live;
    const { name: configuration, labels } = live.configuration;
    const title = sessionTitle(message);
    this.#began.push(id);
    await this.#topUp();
    const begin = (): Promise<void> =>
      this.#store.begin(this.#id, {
        ...{ id, configuration, message, startedAt, title },
        ...(labels && { labels }),
      });
    try {
      await this.#catchUp();
      await begin();
    } catch (error) {
      // The session was lost to another writer: the next message opens it anew, and reads what is there now.
      if (isOrchError(error, "ORCH_SESSION_NOT_HELD")) this.#opening = undefined;
      else {
        const ended = { status: "failed", endedAt: this.#clock.now(), error: messageOf(error) } as const;
        const record = {
          id,
          configuration,
          ...(labels && { labels }),
          ...ended,
          messages: [message],
          startedAt,
        };
        this.#unwritten.set(id, { record, begin });
        this.#remember(record);
      }
      throw error;
    }
  }

  /** Keeps what there is of a turn that goes on. */
  async draft(record: TurnRecord): Promise<void> {
    await this.#store.finish(this.#id, record);
  }

  /** Keeps a turn. A turn that cannot be kept as it is (not JSON, for one) is kept as failed, with the user's message only. */
  async finish(record: TurnRecord): Promise<void> {
    try {
      await this.#store.finish(this.#id, record);
      this.#remember(record);
    } catch (error) {
      const { usage, cost, knownCost, ...rest } = record;
      const least = {
        ...rest,
        ...plainSpending({ usage, cost, knownCost }),
        status: "failed",
        messages: record.messages.slice(0, 1),
        error: messageOf(error),
      } as const;
      await this.#store.finish(this.#id, least).then(
        () => this.#remember(least),
        () => this.#unwritten.set(record.id, { record }),
      );
      throw error;
    }
  }

  /** Changes the title of the session. */
  async rename(title: string): Promise<void> {
    await this.#store.rename(this.#id, title);
    if (this.#session) this.#session = { ...this.#session, title };
  }

  /** Releases the session, and closes a store of its own. */
  async close(): Promise<void> {
    // The caller of `open` was told of a failure; there is then nothing to release.
    const session = await this.#opening?.catch(() => undefined);
    // Who began the turn was told that it was not kept.
    if (session) await this.#catchUp().catch(() => undefined);
    if (session) await this.#store.release(this.#id);
    if (this.#ownsStore) await this.#store.close();
  }

  async #catchUp(): Promise<void> {
    for (const { record, begin } of [...this.#unwritten.values()]) {
      await begin?.();
      await this.#store.finish(this.#id, record);
      this.#unwritten.delete(record.id);
      this.#remember(record);
    }
  }

  /** Reads as much of it as what answers now takes. */
  async #topUp(): Promise<void> {
    if (this.#recent === undefined || this.#session?.earlier === undefined) return;
    const { turns, earlier } = await turnsBefore(this.#store, this.#session, this.#recent);
    if (turns.length === 0) return;
    // Another turn may have ended meanwhile.
    const { earlier: _, ...session } = this.#session;
    this.#session = { ...session, turns: [...turns, ...session.turns], ...(earlier > 0 && { earlier }) };
    this.#history = conversationOf(this.#session.turns);
  }

  #remember(record: TurnRecord): void {
    if (!this.#session) return;
    const before = this.#session.turns;
    const at = before.findIndex(({ id }) => id === record.id);
    const turns = at === -1 ? before.toSpliced(this.#placeOf(record.id), 0, record) : before.with(at, record);
    this.#history = conversationOf(turns);
    const { spent } = this.#session;
    const rest = spent && at !== -1 ? addSpent(spent, before[at]!, -1) : spent;
    this.#session = {
      ...this.#session,
      ...(rest && { spent: addSpent(rest, record) }),
      title: this.#session.title || sessionTitle(record.messages[0] as UserMessage),
      turns,
      turnCount: turns.length + (this.#session.earlier ?? 0),
      updatedAt: record.endedAt ?? record.startedAt,
      lastConfiguration: record.configuration,
    };
  }

  /** Before the first turn that began after it. */
  #placeOf(id: string): number {
    const turns = this.#session?.turns ?? [];
    const later = new Set(this.#began.slice(this.#began.indexOf(id) + 1));
    const place = turns.findIndex((turn) => later.has(turn.id));
    return place === -1 ? turns.length : place;
  }
}
