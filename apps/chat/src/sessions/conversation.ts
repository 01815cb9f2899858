/** The conversation behind the screen: where it is kept, what answers it, and how both are changed between turns. */
import {
  type ChatEvent,
  ChatRuntime,
  memorySessions,
  type RuntimeConfiguration,
  type Session,
  type SessionStore,
  type SessionSummary,
} from "@orch/chat-runtime";
import type { Graph, OrchestrationEvent } from "@orch/core";
import { type KeptRun, memoryHost } from "@orch/core/host";
import { SessionMissingError } from "../errors/session-missing-error.ts";
import { findSession } from "./find-session.ts";
import type { CodeChange, ContextListener, InteractiveContext } from "./interactive-context.ts";
import type { KeptHost } from "./kept-host.ts";
import { type LeftRun, leftRun } from "./left-run.ts";
import { holderOf, type SessionHolder } from "./session-holder.ts";
import type { StateModelNames } from "./state-models.ts";

/** Turns that are read when a session is resumed: those that are shown, and a few that the user dropped. */
const SHOWN_TURNS = 30;

/** How long a stopped answer may take to end, in milliseconds: a person waits before the screen. */
const CANCEL_GRACE = 2000;

/** What answers, by name. */
export interface Names {
  readonly orchestration: string;
  readonly model: string;
  /** Models of single states. */
  readonly states: StateModelNames;
}

/** The runtime of the present session, its store, and what answers. */
export class Conversation {
  readonly #context: InteractiveContext;
  /** Called before it is closed. */
  closing: () => void = () => undefined;
  /** Told what is left out on the way to a model. */
  listener: ContextListener = { shortened: () => undefined, warned: () => undefined };
  /** Whether the stores were opened. */
  isKept = false;
  #store: SessionStore | undefined;
  #host: KeptHost | undefined;
  #runtime: ChatRuntime | undefined;
  #configuration: RuntimeConfiguration | undefined;
  /** Why nothing answers. */
  #failure: unknown;
  #names: Names;
  #sessionId: string | undefined;
  #held: SessionHolder | undefined;
  #known: readonly SessionSummary[] = [];
  /** Called when what answers was made, or could not be made. */
  onCompose: () => void = () => undefined;

  readonly #hear: (event: ChatEvent) => void;

  /** `hear` is told of every event of every turn. */
  constructor(context: InteractiveContext, hear: (event: ChatEvent) => void) {
    this.#context = context;
    this.#hear = hear;
    const { orchestration, model, stateModels } = context;
    this.#names = { orchestration, model, states: stateModels(orchestration) };
  }

  get names(): Names {
    return this.#names;
  }

  /** The graph of what answers; absent while nothing does, and for code that has none. */
  get graph(): Graph | undefined {
    const configuration = this.#configuration;
    return configuration !== undefined && "orchestration" in configuration
      ? configuration.orchestration.graph
      : undefined;
  }

  /** The runtime to send to; absent while nothing answers. */
  get runtime(): ChatRuntime | undefined {
    return this.#runtime;
  }

  /** Why there is no runtime. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Where the sessions are kept. */
  get store(): SessionStore | undefined {
    return this.#store;
  }

  /** Who writes the present session, where that is another process: here it is read only. */
  get held(): SessionHolder | undefined {
    return this.#held;
  }

  get sessionId(): string | undefined {
    return this.#runtime?.sessionId ?? this.#sessionId;
  }

  /** The sessions as they were last listed. */
  get known(): readonly SessionSummary[] {
    return this.#known;
  }

  /**
   * Opens the session store and the host of the runs. Until then the conversation lives in memory only.
   *
   * @throws the error of the store when it cannot be opened. The conversation can still be used.
   */
  async openStore(): Promise<void> {
    this.#store = memorySessions();
    this.#host = memoryHost();
    this.#store = await this.#context.openSessions();
    this.#host = await this.#context.openHost();
    this.isKept = true;
  }

  /** The run that the last turn left behind, held against what answers now. */
  async left(): Promise<LeftRun> {
    const turn = this.#runtime?.apart;
    const configuration = this.#configuration;
    const isKnown = turn !== undefined && configuration !== undefined && "orchestration" in configuration;
    if (!isKnown || this.#host === undefined) return { events: [] };
    return leftRun(this.#host, turn.id, configuration.orchestration);
  }

  /** The run of a turn, to read; `undefined` until runs can be read. */
  keptRun(id: string): KeptRun | undefined {
    return this.#host?.run(id);
  }

  /** The kept events of the run of a turn; none where there is no such run, or it cannot be read. */
  async eventsOf(turnId: string): Promise<readonly OrchestrationEvent[]> {
    const configuration = this.#configuration;
    if (configuration === undefined || !("orchestration" in configuration)) return [];
    return this.#host?.events(configuration.orchestration, turnId).catch(() => []) ?? [];
  }

  /** How many questions of that run have no answer, also none that is kept; `undefined` where that is not known. */
  async asks(): Promise<number | undefined> {
    const turn = this.#runtime?.apart;
    if (turn === undefined) return undefined;
    const questions = await this.#host
      ?.run(turn.id)
      .questions()
      .catch(() => undefined);
    return questions?.length;
  }

  /** Leaves the turn that is being answered where it is. */
  async park(): Promise<void> {
    await this.#runtime?.suspend();
  }

  /** Loads the configuration that answers. After a failure the one before goes on answering. */
  async compose(names: Names): Promise<void> {
    try {
      this.#configuration = await this.#context.compose(names, {
        shortened: (messages) => this.listener.shortened(messages),
        warned: (warning) => this.listener.warned(warning),
      });
      this.#names = names;
      this.#failure = undefined;
    } catch (error) {
      this.#failure ??= error;
      throw error;
    } finally {
      this.onCompose();
    }
    if (this.#runtime) this.#runtime.use(this.#configuration);
    else this.#runtime = this.#runtimeOf(this.#sessionId);
  }

  /**
   * Loads the files of what answers again when they changed, or its tools did, and gives which; `undefined` where there are
   * none. Rejects as `compose` does, and then nothing should be sent to the code before.
   */
  reload(): Promise<CodeChange | undefined> | undefined {
    return this.#context.changed(this.#names.orchestration)?.then(async (what) => {
      if (what !== undefined) await this.compose(this.#names);
      return what;
    });
  }

  /** The sessions, newest first. */
  async list(): Promise<readonly SessionSummary[]> {
    this.#known = (await this.#store?.list()) ?? [];
    return this.#known;
  }

  /**
   * The id that `named` stands for: an id, or a part of one that fits only one session.
   *
   * @throws SessionMissingError (`ORCH_SESSION_MISSING`).
   */
  find(named: string): Promise<string> {
    return findSession(this.#store ?? memorySessions(), named);
  }

  /**
   * Resumes a session, and gives the end of it. The present session is released after that succeeded. One that another
   * process writes is read: `held` says who it is, and `take` tries again.
   */
  async resume(id: string): Promise<Session> {
    if (this.#configuration === undefined) {
      // It is read now, and held as soon as something answers.
      this.#sessionId = id;
      return this.#read(id);
    }
    if (this.#runtime?.sessionId === id) return this.#open(this.#runtime);
    const before = this.#runtime;
    const runtime = this.#runtimeOf(id)!;
    const session = await this.#open(runtime);
    this.#runtime = runtime;
    // What goes on in the background is kept, like all that is left.
    await before?.suspend();
    await before?.close();
    return session;
  }

  /** Takes the present session over when nobody else writes it any more. Gives whether it can be written. */
  async take(): Promise<boolean> {
    if (this.#held === undefined || this.#runtime === undefined) return true;
    await this.#open(this.#runtime);
    return this.#held === undefined;
  }

  async #open(runtime: ChatRuntime): Promise<Session> {
    try {
      const session = await runtime.open();
      this.#held = undefined;
      return session;
    } catch (error) {
      this.#held = holderOf(error);
      if (this.#held === undefined) throw error;
      return this.#read(runtime.sessionId);
    }
  }

  async #read(id: string): Promise<Session> {
    const session = await this.#store?.load(id, { last: SHOWN_TURNS });
    if (session === undefined) throw new SessionMissingError({ session: id });
    return session;
  }

  /** Drops the last turn if it stays apart, and ends its run. */
  async undo(): Promise<void> {
    const turn = await this.#runtime?.drop();
    // There may be no run of it, or it has ended.
    if (turn !== undefined)
      await this.#host
        ?.run(turn.id)
        .cancel("dropped by the user")
        .catch(() => undefined);
  }

  /** Begins a session; it is kept from its first message on. */
  async renew(): Promise<void> {
    const before = this.#runtime;
    this.#sessionId = undefined;
    this.#held = undefined;
    this.#runtime = this.#runtimeOf(undefined);
    // What goes on in the background is kept, like all that is left.
    await before?.suspend();
    await before?.close();
  }

  /** Leaves what runs where it is, and releases everything. */
  async close(): Promise<void> {
    this.closing();
    await this.park();
    await this.#runtime?.close();
    await this.#host?.close();
    await this.#store?.close();
  }

  /** One more than is sent, so that what is left out is known to be. */
  #tokensSent(): number {
    return (this.#context.tokensSent(this.#names.model) ?? Number.POSITIVE_INFINITY) + 1;
  }

  #runtimeOf(sessionId: string | undefined): ChatRuntime | undefined {
    if (this.#configuration === undefined) return undefined;
    const { clock, random } = this.#context;
    const runtime = new ChatRuntime(this.#configuration, {
      clock,
      random,
      cancelGrace: CANCEL_GRACE,
      recent: { turns: SHOWN_TURNS, tokens: () => this.#tokensSent() },
      ...(this.#store && { store: this.#store }),
      ...(this.#host && { host: this.#host }),
      ...(sessionId !== undefined && { sessionId }),
    });
    runtime.on("*", this.#hear);
    return runtime;
  }
}
