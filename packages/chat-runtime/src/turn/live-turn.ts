/** A turn while it is being answered: what was said and spent so far, its signal, and its readers. */
import type { AssistantMessage, Message, UserMessage } from "@orch/agents";
import type { Clock, Random } from "@orch/core";
import type {
  AnswerQuestion,
  RunHost,
  RuntimeConfiguration,
  TurnContext,
  TurnReply,
} from "../configurations/runtime-configuration.ts";
import { TurnQuestionError } from "../errors/turn-question-error.ts";
import { TurnSuspendedError } from "../errors/turn-suspended-error.ts";
import type { TurnSummary } from "../session/turn-summary.ts";
import type { ChatEvent, TurnEvent } from "./chat-event.ts";
import { Spent } from "./spent.ts";
import { type TurnDescription, TurnProgress } from "./turn-description.ts";
import { TurnEvents } from "./turn-events.ts";

/** What a live turn is made of. */
export interface LiveTurnOptions {
  readonly id: string;
  readonly sessionId: string;
  readonly message: UserMessage;
  readonly configuration: RuntimeConfiguration;
  readonly clock: Clock;
  readonly random: Random;
  readonly limit: number;
  /** Where the run underneath lives, and how an earlier try of the turn ended. */
  readonly host?: RunHost;
  readonly before?: TurnContext["before"];
  /** The run, where it goes on already. */
  readonly run?: TurnContext["run"];
  /** Called with each event before the readers get it. */
  readonly seen: (event: ChatEvent) => void;
}

type WithoutBase<TEvent> = TEvent extends unknown ? Omit<TEvent, "turnId" | "sessionId" | "time"> : never;

/** The state of one turn between its start and its end. */
export class LiveTurn {
  readonly id: string;
  readonly message: UserMessage;
  readonly configuration: RuntimeConfiguration;
  readonly startedAt: number;
  readonly events: TurnEvents;
  readonly reply: Promise<TurnReply>;
  readonly context: TurnContext;
  /** Resolves when the turn has ended, however it did. It never rejects. */
  readonly ended: Promise<void>;
  readonly spent: Spent = new Spent();
  readonly #options: LiveTurnOptions;
  readonly #controller = new AbortController();
  #settle!: { resolve: (reply: TurnReply) => void; reject: (error: unknown) => void };
  readonly #progress = new TurnProgress();
  readonly #remembered: Message[] = [];
  /** Grows with all that was said and remembered. */
  #heard = 0;
  #said = "";
  #summary: TurnSummary | undefined;
  #reason: string | undefined;
  #sealed = false;
  #answer: AnswerQuestion | undefined;
  #isSuspended = false;
  #suspend: (() => Promise<void>) | undefined;

  constructor(options: LiveTurnOptions) {
    const { clock, random, sessionId, host, before, run } = options;
    this.#options = options;
    this.id = options.id;
    this.message = options.message;
    this.configuration = options.configuration;
    this.startedAt = clock.now();
    this.reply = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.ended = this.reply.then(
      () => undefined,
      () => undefined,
    );
    this.events = new TurnEvents({
      limit: options.limit,
      dropped: (count) => this.#event({ type: "turn.events.dropped", count }),
    });
    this.context = {
      sessionId,
      turnId: options.id,
      signal: this.#controller.signal,
      clock,
      random,
      emit: (event) => {
        if (this.#sealed) return;
        this.spent.hear(event);
        this.#send(event);
      },
      say: (text, path) => {
        if (this.#sealed || text === "") return;
        this.#said += text;
        this.#heard += 1;
        this.#send(this.#event({ type: "message.delta", text, path }));
      },
      remember: (message) => {
        if (this.#sealed) return;
        this.#remembered.push(message);
        this.#heard += 1;
        if (message.role === "assistant") this.#said = "";
      },
      spend: (spending) => {
        if (!this.#sealed) this.spent.add(spending);
      },
      // Who knows the session puts its own in their place.
      summary: () => undefined,
      keepSummary: () => {},
      takeAnswers: (answer) => {
        this.#answer = answer;
      },
      takeSuspension: (suspend) => {
        this.#suspend = suspend;
        if (this.#isSuspended) void suspend();
      },
      ...(host && { host }),
      ...(before && { before }),
      ...(run && { run }),
    };
  }

  /** Why it was cancelled; `undefined` if it was not. */
  get cancelReason(): string | undefined {
    return this.#reason;
  }

  describe(): TurnDescription {
    const progress = this.#progress.describe();
    const stopping = this.#reason !== undefined || this.#isSuspended;
    return {
      turnId: this.id,
      sessionId: this.#options.sessionId,
      configuration: this.configuration.name,
      startedAt: this.startedAt,
      status: stopping ? "stopping" : progress.questions.length > 0 ? "waiting" : "answering",
      ...progress,
      ...this.spent.totals,
    };
  }

  /** How often something was said, remembered or summed up. */
  get heard(): number {
    return this.#heard;
  }

  /** The summary of the conversation before it that was written for it. */
  get summary(): TurnSummary | undefined {
    return this.#summary;
  }

  /** Takes a summary, to be kept with the turn. */
  summarized(summary: TurnSummary | undefined): void {
    this.#summary = summary;
    this.#heard += 1;
  }

  /** Whether it was left where it is, on purpose. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** Lets go of the run underneath where it is kept, and aborts the turn's signal where it is not. */
  suspend(): void {
    if (this.#isSuspended || this.#sealed || this.#reason !== undefined) return;
    this.#isSuspended = true;
    if (this.#suspend === undefined) this.#controller.abort(new TurnSuspendedError({ turnId: this.id }));
    else void this.#suspend();
  }

  start(): void {
    this.#send(
      this.#event({ type: "turn.started", configuration: this.configuration.name, message: this.message }),
    );
  }

  /** Aborts the turn's signal; the first reason stays. */
  abort(reason: string): void {
    if (this.#reason !== undefined || this.#sealed) return;
    this.#reason = reason;
    this.#controller.abort(reason);
  }

  /** The same, and resolves when it has ended. */
  async stop(reason = "asked to stop"): Promise<void> {
    this.abort(reason);
    await this.ended;
  }

  /**
   * Answers a question of the run underneath.
   *
   * @throws TurnQuestionError when nothing asks, and what the run says to the answer.
   */
  async answer(question: string, value: unknown): Promise<void> {
    if (this.#sealed || this.#answer === undefined)
      throw new TurnQuestionError({ turnId: this.id, question });
    await this.#answer(question, value);
  }

  /** Ignores the configuration from now on. */
  seal(): void {
    this.#sealed = true;
  }

  /** Sends the last event and settles the reply. */
  end(
    event: WithoutBase<TurnEvent>,
    reply: { readonly value: TurnReply } | { readonly error: unknown },
  ): void {
    this.#send(this.#event(event));
    this.events.end();
    if ("value" in reply) this.#settle.resolve(reply.value);
    else this.#settle.reject(reply.error);
  }

  /** The unfinished answer: the remembered messages, then the streamed text that is in none of them. */
  halfAnswer(): readonly Message[] {
    return this.#said === "" ? this.#remembered : [...this.#remembered, this.#halfMessage(this.#said)];
  }

  #halfMessage(text: string): AssistantMessage {
    return {
      role: "assistant",
      content: [{ type: "text", text }],
      origin: { provider: "orch", api: "runtime", model: this.configuration.name },
      finish: { reason: this.#reason === undefined ? "interrupted" : "aborted" },
    };
  }

  #event(event: WithoutBase<TurnEvent>): TurnEvent {
    const { id, sessionId, clock } = this.#options;
    return { ...event, turnId: id, sessionId, time: clock.now() } as TurnEvent;
  }

  #send(event: ChatEvent): void {
    this.#progress.see(event);
    this.#options.seen(event);
    this.events.push(event);
  }
}
