/** The conversations of one principal in a store. */
import type { Session, SessionStore, TurnRecord } from "@orch/chat-runtime";
import { type Clock, isOrchError, type Random } from "@orch/core";
import { newId } from "@orch/core/doors";
import { ServerClosingError } from "../errors/server-closing-error.ts";
import { ServerLimitError } from "../errors/server-limit-error.ts";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import type { ServedHost } from "../runs/driven-runs.ts";
import type { PrincipalScope } from "../runs/principal-scope.ts";
import { placeAfter } from "../runs/scoped-runs.ts";
import type { OpenReadings } from "../view/event-reading.ts";
import type { ForeignErrors } from "../view/public-error.ts";
import { publicJson } from "../view/public-json.ts";
import { type PlacedEvent, publicStream } from "../view/public-stream.ts";
import type { PublicViewOptions } from "../view/public-view.ts";
import type { Principal } from "../words/principal.ts";
import type {
  Conversations,
  PublicChat,
  PublicHistory,
  PublicSession,
  SentMessage,
} from "../words/public-conversation.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { MessageWithFiles } from "../words/public-file.ts";
import type { EventReading, FollowOptions } from "../words/public-run.ts";
import { caughtUp, runStanding } from "./caught-up.ts";
import { endedTurn } from "./ended-turn.ts";
import { type ChatOffer, configurationOf } from "./offered-chat.ts";
import type { OpenSession, OpenSessions } from "./open-sessions.ts";
import { publicTurn } from "./public-turn.ts";
import { servedConfiguration } from "./served-chat.ts";
import { takenMessage } from "./taken-message.ts";
import type { TurnLog } from "./turn-log.ts";

/** What the conversations of a principal are made of. */
export interface ScopedConversationsParts {
  readonly store: SessionStore;
  readonly chats: { readonly [name: string]: ChatOffer };
  readonly open: OpenSessions;
  readonly host: Pick<ServedHost, "get" | "run">;
  readonly scope: PrincipalScope;
  readonly principal: Principal | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly foreignErrors: ForeignErrors;
  readonly readings: OpenReadings;
  /** How many turns may go on at once. */
  readonly limit: number;
  /** Whether the server takes on nothing more. */
  readonly isClosing: () => boolean;
}

/** A turn to be read. */
type ToldTurn = { readonly life: string } & (
  | { readonly log: TurnLog; readonly events?: undefined }
  | { readonly log?: undefined; readonly events: AsyncIterable<PlacedEvent> }
);

/** Conversations, as one principal has them. */
export class ScopedConversations implements Conversations {
  readonly #parts: ScopedConversationsParts;

  constructor(parts: ScopedConversationsParts) {
    this.#parts = parts;
  }

  get chats(): readonly PublicChat[] {
    return Object.entries(this.#parts.chats).map(([name, { description }]) => ({
      name,
      ...(description !== undefined && { description }),
    }));
  }

  async send(
    chat: string,
    written: string | MessageWithFiles,
    options: { readonly session?: string } = {},
  ): Promise<SentMessage> {
    const { clock, random, open, scope, limit, isClosing } = this.#parts;
    const message = takenMessage(written, this.#offer(chat).files);
    const session = options.session ?? newId("session", clock.now(), random);
    const hostId = scope.inside(session);
    if (hostId === undefined)
      throw new ServerRequestError({ problem: "the session has to be 1 to 64 letters, digits, _ or -" });
    if (isClosing()) throw new ServerClosingError({ retryAfter: 1000 });
    if (open.count(scope.prefix) >= limit)
      throw new ServerLimitError({ what: "turns", limit, retryAfter: 1000 });
    const held = await this.#hold(chat, session, hostId);
    const log = open.begin(held, { message });
    return { session, turn: log.turn };
  }

  async follow(
    chat: string,
    session: string,
    turn: string,
    { after, signal }: FollowOptions = {},
  ): Promise<EventReading> {
    const place = placeAfter(after);
    const { log, events, life } = await this.#told(chat, session, turn);
    const { readings, scope } = this.#parts;
    const all = log === undefined ? events : log.read(signal);
    return readings.open(scope.prefix, publicStream(all, this.#view(chat, life), place), log?.isOver ?? true);
  }

  async happened(
    chat: string,
    session: string,
    turn: string,
    { after, limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly PublicEvent[]> {
    const place = placeAfter(after);
    const told = await this.#told(chat, session, turn);
    if (told.log !== undefined) await caughtUp(told.log, this.#parts.host);
    const events = told.log === undefined ? told.events : told.log.soFar();
    const happened: PublicEvent[] = [];
    for await (const event of publicStream(events, this.#view(chat, told.life), place)) {
      if (happened.push(event) >= limit) break;
    }
    return happened;
  }

  async answer(chat: string, session: string, question: string, value: unknown): Promise<void> {
    const hostId = await this.#there(chat, session);
    const { open, host } = this.#parts;
    const log = open.get(hostId)?.log;
    // The run of a turn that was left goes on from its journal, and asks again.
    const going = log?.isOver === false ? log : await this.#goOn(chat, session, hostId);
    await caughtUp(going, host);
    await open.get(hostId)!.runtime.answer(question, value);
  }

  async cancel(chat: string, session: string, reason?: string): Promise<void> {
    const hostId = await this.#there(chat, session);
    await this.#parts.open.get(hostId)?.runtime.cancel(reason);
  }

  async history(chat: string, session: string): Promise<PublicHistory> {
    const hostId = await this.#there(chat, session);
    const held = this.#parts.open.get(hostId);
    const stored = (await this.#parts.store.load(hostId)) ?? held?.runtime.session;
    if (stored === undefined) throw new ServerUnknownError({ what: "session", id: session });
    const log = held?.log?.isOver === false ? held.log : undefined;
    if (log !== undefined) await caughtUp(log, this.#parts.host);
    return {
      ...sessionOf(session, stored),
      history: stored.turns.map((turn) => publicTurn(turn, turn.id === log?.turn, this.#parts.foreignErrors)),
      ...(log && { answering: log.turn }),
      questions: (log?.questions ?? []).map(({ question, path, prompt, time, schema }) => ({
        ...{ question, path, prompt: publicJson(prompt) ?? null, askedAt: time },
        ...(schema && { schema }),
      })),
    };
  }

  async list(
    chat: string,
    query: { readonly limit?: number; readonly skip?: number } = {},
  ): Promise<readonly PublicSession[]> {
    this.#offer(chat);
    const { store, scope } = this.#parts;
    const { limit = 50, skip = 0 } = query;
    if (!(limit >= 1 && limit <= 200))
      throw new ServerRequestError({ problem: "limit is not from 1 to 200" });
    if (!(skip >= 0)) throw new ServerRequestError({ problem: "skip is not 0 or more" });
    const found = await store.list({ prefix: scope.prefix, limit, skip });
    return found.flatMap((one) => {
      const session = scope.outside(one.id);
      return session === undefined ? [] : [sessionOf(session, one)];
    });
  }

  /** Lets a turn go on that an earlier process left; `false` where it goes on here already, or another process has its session. */
  async takeUp(chat: string, session: string, turn: TurnRecord): Promise<boolean> {
    const hostId = await this.#there(chat, session);
    if (this.#parts.open.get(hostId)?.log?.isOver === false) return false;
    try {
      await this.#goOn(chat, session, hostId, turn);
      return true;
    } catch (error) {
      if (isOrchError(error, "ORCH_SESSION_HELD")) return false;
      throw error;
    }
  }

  #offer(chat: string): ChatOffer {
    const { chats } = this.#parts;
    if (!Object.hasOwn(chats, chat)) throw new ServerUnknownError({ what: "chat", id: chat });
    return chats[chat]!;
  }

  /** The id in the store of a session that is there. */
  async #there(chat: string, session: string): Promise<string> {
    this.#offer(chat);
    const { scope, open, store } = this.#parts;
    const hostId = scope.inside(session);
    if (hostId !== undefined && (open.get(hostId) || (await store.load(hostId, { last: 1 })))) return hostId;
    throw new ServerUnknownError({ what: "session", id: session });
  }

  async #hold(chat: string, session: string, hostId: string): Promise<OpenSession> {
    const { open, principal } = this.#parts;
    const place = { session, ...(principal && { principal }) };
    const configuration = await configurationOf(this.#offer(chat), place);
    return open.open(hostId, servedConfiguration(configuration, chat));
  }

  #view(name: string, life: string): PublicViewOptions {
    // What a state says in a turn, and does not come as the turn's own text, is an aside.
    return { name, life, answers: () => false, channels: [], foreignErrors: this.#parts.foreignErrors };
  }

  /** A turn as it is told: by the log of this process, which lets go on what was left, or by what was kept. */
  async #told(chat: string, session: string, turn: string): Promise<ToldTurn> {
    const hostId = await this.#there(chat, session);
    const { open, store, host } = this.#parts;
    const live = open.get(hostId)?.log;
    if (live?.turn === turn) return { log: live, life: live.life };
    const stored = await store.load(hostId);
    const record = stored?.turns.find(({ id }) => id === turn);
    if (record === undefined) throw new ServerUnknownError({ what: "turn", id: turn });
    if (record.status !== "unfinished") return { events: endedTurn(record, hostId, host), life: "kept" };
    const log = await this.#goOn(chat, session, hostId, record);
    return { log, life: log.life };
  }

  /** Lets a turn go on that a process left in the middle. */
  async #goOn(chat: string, session: string, hostId: string, record?: TurnRecord): Promise<TurnLog> {
    const held = await this.#hold(chat, session, hostId);
    const { runtime, log } = held;
    if (log?.isOver === false) return log;
    if (this.#parts.isClosing()) throw new ServerClosingError({ retryAfter: 1000 });
    const turn = record?.id ?? runtime.apart?.id;
    if (turn === undefined) throw new ServerUnknownError({ what: "open turn of the session", id: session });
    const left = await runStanding(turn, this.#parts.host);
    // Another request was quicker.
    if (held.log?.isOver === false) return held.log;
    try {
      return this.#parts.open.begin(held, { retry: turn, left });
    } catch (error) {
      // Another request was quicker.
      if (isOrchError(error, "ORCH_TURN_BUSY") && held.log !== undefined) return held.log;
      throw error;
    }
  }
}

function sessionOf(session: string, stored: Omit<Session, "turns">): PublicSession {
  const { title, createdAt, updatedAt, turnCount: turns } = stored;
  return { session, title, createdAt, updatedAt, turns };
}
