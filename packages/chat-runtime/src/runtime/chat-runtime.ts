/** A conversation: one turn after the other, each kept whole. */
import { type AssistantMessage, type Message, type UserMessage, userMessage } from "@orch/agents";
import { COUNT, checkNumbers, DELAY, newId, systemClock, systemRandom } from "@orch/core/doors";
import type { RunHost, RuntimeConfiguration } from "../configurations/runtime-configuration.ts";
import { RuntimeClosedError } from "../errors/runtime-closed-error.ts";
import { TurnAnsweredError } from "../errors/turn-answered-error.ts";
import { TurnBusyError } from "../errors/turn-busy-error.ts";
import { TurnQuestionError } from "../errors/turn-question-error.ts";
import { type TurnApart, turnApart, turnApartOf } from "../session/conversation-of.ts";
import type { Session, TurnRecord } from "../session/session-store.ts";
import type { ChatEvent } from "../turn/chat-event.ts";
import { EventListeners } from "../turn/event-listeners.ts";
import { LiveTurn } from "../turn/live-turn.ts";
import { replyTo } from "../turn/reply-to.ts";
import type { TurnDescription } from "../turn/turn-description.ts";
import { tellEnding } from "../turn/turn-ending.ts";
import { type TurnStream, turnStreamOf } from "../turn/turn-stream.ts";
import type { ChatRuntimeOptions, SetRuntimeOptions } from "./chat-runtime-options.ts";
import { KeptSession } from "./kept-session.ts";
import { LiveTurns } from "./live-turns.ts";
import {
  forkedConfiguration,
  forkRun,
  fromRecord,
  originOf,
  type TurnFork,
  type TurnSource,
} from "./turn-fork.ts";
import { liveThrough } from "./turn-life.ts";

/**
 * Answers messages one at a time, remembers what was said, and keeps each turn in a store: the
 * user's message before the answer is begun, and everything that answered it in one transaction.
 *
 * @example
 * ```ts
 * const runtime = new ChatRuntime(agentRuntime(assistant), { store, sessionId: "research" });
 * for await (const event of runtime.send("What is new?")) if (event.type === "message.delta") show(event.text);
 * const reply = await runtime.invoke("And in schools?");
 * ```
 */
export class ChatRuntime {
  readonly sessionId: string;
  readonly #options: SetRuntimeOptions;
  readonly #host: RunHost | undefined;
  readonly #drafts: boolean;
  readonly #kept: KeptSession;
  readonly #listeners: EventListeners;
  #configuration: RuntimeConfiguration;
  readonly #live: LiveTurns;
  #closing: Promise<void> | undefined;

  constructor(configuration: RuntimeConfiguration, options: ChatRuntimeOptions = {}) {
    const { clock = systemClock, random = systemRandom, store } = options;
    const { cancelGrace = 5000, maxWaitingEvents = 10_000 } = options;
    checkNumbers(DELAY, { cancelGrace });
    checkNumbers(COUNT, { maxWaitingEvents });
    this.#configuration = configuration;
    this.#options = { clock, random, cancelGrace, maxWaitingEvents };
    this.#host = options.host;
    this.#drafts = store !== undefined;
    this.sessionId = options.sessionId ?? newId("session", clock.now(), random);
    this.#live = new LiveTurns(this.sessionId);
    this.#kept = new KeptSession(this.sessionId, store, clock, options.recent);
    this.#listeners = new EventListeners(options.onListenerError ?? (() => {}));
  }

  /** What answers the next message. */
  get configuration(): RuntimeConfiguration {
    return this.#configuration;
  }

  /** Lets another configuration answer from the next message on; the conversation stays. */
  use(configuration: RuntimeConfiguration): void {
    this.#configuration = configuration;
  }

  /** Where the turn is that is being answered, as plain JSON; `undefined` when none is. */
  describe(): TurnDescription | undefined {
    return this.#live.front?.describe();
  }

  /** Whether a message is being answered. */
  get busy(): boolean {
    return this.#live.front !== undefined;
  }

  /**
   * The messages that the next one is sent with: those of all turns that have an answer, oldest first; empty until the
   * session is open. A turn that failed, or was cut or stopped before its answer, stays apart: see {@link retry}.
   */
  get history(): readonly Message[] {
    return this.#kept.history;
  }

  /** The session with its ended turns; `undefined` until it is open. */
  get session(): Session | undefined {
    return this.#kept.session;
  }

  /**
   * Opens the session for writing. Sending a message does it too.
   *
   * @throws SessionHeldError (`ORCH_SESSION_HELD`) when another process writes to it.
   * @throws RuntimeClosedError (`ORCH_RUNTIME_CLOSED`) after `close()`.
   */
  async open(): Promise<Session> {
    if (this.#closing) throw new RuntimeClosedError({ sessionId: this.sessionId });
    return this.#kept.open();
  }

  /**
   * Sends a message and gives the turn that answers it, which runs whether or not anybody reads it.
   *
   * @throws TurnBusyError (`ORCH_TURN_BUSY`) at once, while a message is being answered.
   * @throws RuntimeClosedError (`ORCH_RUNTIME_CLOSED`) at once, after `close()`.
   */
  send(message: UserMessage | string): TurnStream {
    const { clock, random } = this.#options;
    const sent = typeof message === "string" ? userMessage(message) : message;
    return this.#begin(sent, newId("turn", clock.now(), random));
  }

  #checkFree(): void {
    if (this.#closing) throw new RuntimeClosedError({ sessionId: this.sessionId });
    this.#live.checkFree();
  }

  #begin(message: UserMessage, id: string, from: TurnSource = {}): TurnStream {
    const { origin, ...begun } = from;
    this.#checkFree();
    const { clock, random, maxWaitingEvents } = this.#options;
    const live = new LiveTurn({
      id,
      sessionId: this.sessionId,
      message,
      configuration: forkedConfiguration(this.#configuration, origin, this.session?.turns ?? []),
      clock,
      random,
      limit: maxWaitingEvents,
      ...(this.#host && { host: this.#host }),
      ...begun,
      seen: (event) => this.#listeners.call(event),
    });
    this.#live.begin(live);
    void this.#run(live);
    return turnStreamOf(live);
  }

  /**
   * The last turn, if it stays apart from the conversation because it has no answer; `undefined` if it has one, and until
   * the session is open.
   */
  get apart(): TurnApart | undefined {
    return turnApart((this.#kept.session?.turns ?? []).filter(({ id }) => !this.#live.isBehind(id)));
  }

  /**
   * Tries a turn again that stays apart: the last one, or that of `turnId`. It keeps its id and its place in the session. On a
   * host that keeps runs its run goes on where it stopped: its events are told from the first one, and what had completed does
   * not run again.
   *
   * @throws TurnAnsweredError (`ORCH_TURN_ANSWERED`) at once when there is none, and what `send` throws. A turn that is not the
   * last is found once the session is open.
   */
  retry(turnId?: string): TurnStream {
    const turn = this.#unanswered(turnId);
    if (this.#live.isBehind(turn.id)) throw new TurnBusyError({ sessionId: this.sessionId, turnId: turn.id });
    return this.#begin(turn.messages[0] as UserMessage, turn.id, fromRecord(turn));
  }

  /**
   * Forks the run of a turn of this session, as `host.fork` does, and gives the new turn that goes on with the fork: it has
   * the same message, and a place at the end of the session. The turn that it comes from stays as it is.
   *
   * @throws RuntimeSetupError (`ORCH_RUNTIME_SETUP`) where runs are not kept; what `host.fork` and `send` throw. Then there is no new turn.
   */
  async fork(turn: TurnRecord, place: TurnFork): Promise<TurnStream> {
    const { turns } = await this.open();
    this.#checkFree();
    const origin = originOf(turn) ?? turn.id;
    const id = newId("turn", this.#options.clock.now(), this.#options.random);
    const configuration = forkedConfiguration(this.#configuration, origin, turns);
    const run = await forkRun(configuration, turn, id, place, this.#host);
    try {
      return this.#begin(turn.messages[0] as UserMessage, id, { before: "unfinished", origin, run });
    } catch (error) {
      await run.cancel("another turn began meanwhile");
      throw error;
    }
  }

  /**
   * Lets the turn that is being answered go on in the background, and gives its id: the next message may be sent at once. Until
   * it has its answer it stays apart, and then it is part of the conversation in the place where it was asked. Gives
   * `undefined` when no message is being answered, or its answer is being stopped.
   */
  background(): string | undefined {
    return this.#live.background();
  }

  /**
   * Makes a turn in the background the one that is being answered. Gives `false` for one that has ended, or never was there.
   *
   * @throws TurnBusyError (`ORCH_TURN_BUSY`) while another one is.
   */
  foreground(turnId: string): boolean {
    return this.#live.foreground(turnId);
  }

  /**
   * Takes the last turn that stays apart out of the conversation. The session keeps it, with the status `dropped`.
   *
   * @throws TurnAnsweredError (`ORCH_TURN_ANSWERED`) when there is none; TurnBusyError (`ORCH_TURN_BUSY`).
   */
  async drop(): Promise<TurnRecord> {
    this.#checkFree();
    const turn = this.#unanswered();
    await this.#kept.finish({ ...turn, status: "dropped" });
    return turn;
  }

  /**
   * Sends a message and gives the answer. When the run underneath waits for an answer to a question and nobody
   * listens for `question.asked`, the turn is cancelled.
   *
   * @throws TurnUnansweredError (`ORCH_TURN_UNANSWERED`) then, TurnCancelledError (`ORCH_TURN_CANCELLED`), TurnBusyError (`ORCH_TURN_BUSY`), RuntimeClosedError
   * (`ORCH_RUNTIME_CLOSED`), the OrchError of what failed, or TurnFailedError (`ORCH_TURN_FAILED`) around anything else.
   */
  async invoke(message: UserMessage | string): Promise<AssistantMessage> {
    const turn = this.send(message);
    return replyTo(turn, () => this.#listeners.has("question.asked"));
  }

  /** Stops the turn that is being answered, and resolves when it has ended. The session stays usable. */
  cancel(reason?: string): Promise<void> {
    return this.#live.front?.stop(reason) ?? Promise.resolve();
  }

  /**
   * Leaves the turn that is being answered where it is, and those in the background, and resolves when they were let go: on a
   * host that keeps runs their runs stay as they stand, elsewhere they are stopped. The session keeps what was said as
   * `unfinished`, and {@link retry} goes on.
   */
  async suspend(): Promise<void> {
    await this.#live.suspend();
  }

  /** Answers a question of the turn that is being answered, as its stream's `answer` does. */
  async answer(question: string, value: unknown): Promise<void> {
    const { front } = this.#live;
    if (front === undefined) throw new TurnQuestionError({ turnId: undefined, question });
    await front.answer(question, value);
  }

  /** Calls `listener` with each event of one type, or with every event for `*`. Returns a function that removes it. A type that does not exist is refused (`ORCH_UNKNOWN_EVENT`). */
  on(type: "*", listener: (event: ChatEvent) => unknown): () => void;
  on<TType extends ChatEvent["type"]>(
    type: TType,
    listener: (event: Extract<ChatEvent, { readonly type: TType }>) => unknown,
  ): () => void;
  on(type: string, listener: (event: never) => unknown): () => void {
    return this.#listeners.on(type, listener);
  }

  /** Gives the session another title. */
  async rename(title: string): Promise<void> {
    await this.open();
    await this.#kept.rename(title);
  }

  /** Cancels the turn that is being answered, and those in the background, and releases the session. A second call does nothing. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #unanswered(turnId?: string): TurnApart {
    const turn = turnId === undefined ? this.apart : turnApartOf(this.#kept.session?.turns ?? [], turnId);
    if (turn === undefined) throw new TurnAnsweredError({ sessionId: this.sessionId });
    return turn;
  }

  async #close(): Promise<void> {
    await Promise.all(this.#live.all.map((live) => live.stop("the runtime was closed")));
    await this.#kept.close();
  }

  /** It never rejects. */
  async #run(live: LiveTurn): Promise<void> {
    const ending = await liveThrough(live, { kept: this.#kept, drafts: this.#drafts }, this.#options);
    // Free before the last event is sent, so that its reader may send the next message.
    this.#live.ended(live);
    tellEnding(live, ending, this.#options.clock.now());
  }
}
