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
import type { Principal } from "../words/principal.ts";
import type {
  Conversations,
  PublicChat,
  PublicHistory,
  PublicSession,
  SentMessage,
} from "../words/public-conversation.ts";
import type { EventReading, FollowOptions } from "../words/public-run.ts";
import { endedTurn } from "./ended-turn.ts";
import { type ChatOffer, configurationOf } from "./offered-chat.ts";
import type { OpenSession, OpenSessions } from "./open-sessions.ts";
import { publicTurn } from "./public-turn.ts";
import type { TurnLog } from "./turn-log.ts";

/** What the conversations of a principal are made of. */
export interface ScopedConversationsParts {
  readonly store: SessionStore;
  readonly chats: { readonly [name: string]: ChatOffer };
  readonly open: OpenSessions;
  readonly host: Pick<ServedHost, "run">;
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

  async send(chat: string, text: string, options: { readonly session?: string } = {}): Promise<SentMessage> {
    const { clock, random, open, scope, limit, isClosing } = this.#parts;
    this.#offer(chat);
    const session = options.session ?? newId("session", clock.now(), random);
    const hostId = scope.inside(session);
    if (hostId === undefined)
      throw new ServerRequestError({ problem: "the session has to be 1 to 64 letters, digits, _ or -" });
    if (isClosing()) throw new ServerClosingError({ retryAfter: 1000 });
    if (open.count(scope.prefix) >= limit)
      throw new ServerLimitError({ what: "turns", limit, retryAfter: 1000 });
    const held = await this.#hold(chat, session, hostId);
    const log = open.begin(held, { text });
    return { session, turn: log.turn };
  }

  async follow(
    chat: string,
    session: string,
    turn: string,
    { after, signal }: FollowOptions = {},
  ): Promise<EventReading> {
    const place = placeAfter(after);
    const { events, life, isOver } = await this.#events(chat, session, turn, signal);
    const { foreignErrors, readings, scope } = this.#parts;
    // What a state says in a turn, and does not come as the turn's own text, is an aside.
    const view = { name: chat, life, answers: () => false, channels: [], foreignErrors };
    return readings.open(scope.prefix, publicStream(events, view, place), isOver);
  }

  async answer(chat: string, session: string, question: string, value: unknown): Promise<void> {
    const hostId = await this.#there(chat, session);
    const { open } = this.#parts;
    const held = open.get(hostId);
    if (held?.runtime.busy === true) return held.runtime.answer(question, value);
    const going = await this.#goOn(chat, session, hostId);
    // The run goes on from its journal: the question is asked again under its id, unless the run waits for others alone.
    for await (const { event } of going.read()) {
      if (event.type === "question.asked" && event.question === question) break;
      if (event.type === "run.waiting" && (await this.#waitsWithout(event.runId, question))) break;
    }
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
    return {
      ...sessionOf(session, stored),
      history: stored.turns.map((turn) => publicTurn(turn, turn.id === log?.turn)),
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
    return open.open(hostId, await configurationOf(this.#offer(chat), place));
  }

  async #events(
    chat: string,
    session: string,
    turn: string,
    signal: AbortSignal | undefined,
  ): Promise<{
    readonly events: AsyncIterable<PlacedEvent>;
    readonly life: string;
    readonly isOver: boolean;
  }> {
    const hostId = await this.#there(chat, session);
    const live = this.#parts.open.get(hostId)?.log;
    if (live?.turn === turn) return { events: live.read(signal), life: live.life, isOver: live.isOver };
    const stored = await this.#parts.store.load(hostId);
    const record = stored?.turns.find(({ id }) => id === turn);
    if (record === undefined) throw new ServerUnknownError({ what: "turn", id: turn });
    if (record.status !== "unfinished")
      return { events: endedTurn(record, hostId), life: "kept", isOver: true };
    const log = await this.#goOn(chat, session, hostId, record);
    return { events: log.read(signal), life: log.life, isOver: false };
  }

  /** Whether a run rests, and this question is none of those that it asks. */
  async #waitsWithout(runId: string, question: string): Promise<boolean> {
    const description = await this.#parts.host.run(runId).describe();
    if (description?.status !== "waiting") return false;
    return !description.questions.some(({ id }) => id === question);
  }

  /** Lets a turn go on that a process left in the middle. */
  async #goOn(chat: string, session: string, hostId: string, record?: TurnRecord): Promise<TurnLog> {
    const held = await this.#hold(chat, session, hostId);
    const { runtime, log } = held;
    if (log?.isOver === false) return log;
    if (this.#parts.isClosing()) throw new ServerClosingError({ retryAfter: 1000 });
    const turn = record?.id ?? runtime.apart?.id;
    if (turn === undefined) throw new ServerUnknownError({ what: "open turn of the session", id: session });
    try {
      return this.#parts.open.begin(held, { retry: turn });
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
