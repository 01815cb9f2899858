/** The conversations that this process holds: one runtime each, with the turn that is being answered. */
import type { UserMessage } from "@orch/agents";
import { ChatRuntime, type RunHost, type RuntimeConfiguration, type SessionStore } from "@orch/chat-runtime";
import type { Clock, Random } from "@orch/core";
import { newId } from "@orch/core/doors";
import type { RunStanding } from "./caught-up.ts";
import { TurnLog } from "./turn-log.ts";

/** A conversation that is held here. */
export interface OpenSession {
  readonly runtime: ChatRuntime;
  /** The newest turn of this process, also when it has ended. */
  log?: TurnLog;
  usedAt: number;
}

/** A new message, or a turn that was left without an answer, with where its run was then. */
export type TurnBegin =
  | { readonly message: UserMessage }
  | { readonly retry: string; readonly left: RunStanding };

/** What holding conversations needs. */
export interface OpenSessionsParts {
  readonly store: SessionStore;
  readonly host: RunHost | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long a session that nothing happens in is held, in milliseconds, and how many are held so. */
const IDLE = { time: 60_000, sessions: 64 };

/** Holds sessions, by their ids in the store. */
export class OpenSessions {
  readonly #parts: OpenSessionsParts;
  readonly #sessions = new Map<string, Promise<OpenSession>>();
  readonly #held = new Map<string, OpenSession>();

  constructor(parts: OpenSessionsParts) {
    this.#parts = parts;
  }

  /** How many turns go on in sessions whose ids begin with `prefix`. */
  count(prefix = ""): number {
    let count = 0;
    for (const [id, { runtime }] of this.#held) if (runtime.busy && id.startsWith(prefix)) count += 1;
    return count;
  }

  /** The session, where it is held here. */
  get(id: string): OpenSession | undefined {
    return this.#held.get(id);
  }

  /** Holds a session, and makes it if it is new. @throws `ORCH_SESSION_HELD` while another process does. */
  async open(id: string, configuration: RuntimeConfiguration): Promise<OpenSession> {
    await this.#sweep();
    let opening = this.#sessions.get(id);
    if (opening === undefined) {
      opening = this.#open(id, configuration);
      this.#sessions.set(id, opening);
      opening.catch(() => this.#sessions.delete(id));
    }
    const session = await opening;
    session.usedAt = this.#parts.clock.now();
    if (!session.runtime.busy) session.runtime.use(configuration);
    return session;
  }

  /** Sends a message, or tries a turn again that stayed without an answer; gives the log of the turn. */
  begin(session: OpenSession, begun: TurnBegin): TurnLog {
    const { clock, random } = this.#parts;
    const { runtime } = session;
    const isNew = "message" in begun;
    const turn = isNew ? runtime.send(begun.message) : runtime.retry(begun.retry);
    const life = newId("", clock.now(), random).slice(-16);
    const log = isNew ? new TurnLog(turn.id, life) : new TurnLog(turn.id, life, begun.left);
    turn.reply.catch(() => {});
    session.log = log;
    session.usedAt = clock.now();
    void log.take(turn).then(() => {
      session.usedAt = clock.now();
    });
    return log;
  }

  /** Leaves every turn where it is, and releases every session. */
  async park(): Promise<void> {
    const held = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    this.#held.clear();
    for (const one of held) {
      if (one.status !== "fulfilled") continue;
      await one.value.runtime.suspend();
      await one.value.runtime.close();
    }
  }

  async #open(id: string, configuration: RuntimeConfiguration): Promise<OpenSession> {
    const { store, host, clock, random } = this.#parts;
    const runtime = new ChatRuntime(configuration, {
      ...{ store, sessionId: id, clock, random },
      ...(host && { host }),
    });
    await runtime.open();
    const session: OpenSession = { runtime, usedAt: clock.now() };
    this.#held.set(id, session);
    return session;
  }

  /** Releases sessions in which nothing happens, so that other processes may hold them. */
  async #sweep(): Promise<void> {
    const { clock } = this.#parts;
    const idle = [...this.#held].filter(([, { runtime }]) => !runtime.busy);
    idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [place, [id, { runtime, usedAt }]] of idle.entries()) {
      if (clock.now() - usedAt <= IDLE.time && place >= idle.length - IDLE.sessions) continue;
      this.#held.delete(id);
      this.#sessions.delete(id);
      await runtime.close();
    }
  }
}
