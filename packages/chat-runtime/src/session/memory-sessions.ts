/** Sessions that live as long as the process: for tests, scripts and browsers. */
import { SessionHeldError } from "../errors/session-held-error.ts";
import { SessionNotHeldError } from "../errors/session-not-held-error.ts";
import { SessionUnknownError } from "../errors/session-unknown-error.ts";
import type { FoundTurn, Session, SessionStore, SessionSummary, TurnRecord } from "./session-store.ts";

const HOLDER = "another runtime of this process";

interface Kept {
  readonly id: string;
  readonly createdAt: number;
  title: string;
  updatedAt: number;
  held: boolean;
  readonly turns: TurnRecord[];
}

/**
 * Makes a store that keeps sessions in memory.
 *
 * What goes in and out is copied, as with a store on disk, so a caller cannot change the past by accident.
 */
export function memorySessions(): SessionStore {
  const sessions = new Map<string, Kept>();

  function held(id: string): Kept {
    const kept = sessions.get(id);
    if (!kept?.held) throw new SessionNotHeldError({ sessionId: id });
    return kept;
  }

  function put(kept: Kept, turn: TurnRecord, title: string | undefined): void {
    const copy = structuredClone(turn);
    const at = kept.turns.findIndex((one) => one.id === turn.id);
    if (at === -1) kept.turns.push(copy);
    else kept.turns[at] = copy;
    if (kept.title === "" && title !== undefined) kept.title = title;
    kept.updatedAt = Math.max(kept.updatedAt, turn.endedAt ?? turn.startedAt);
  }

  return {
    open: async (id, now) => {
      const kept = sessions.get(id) ?? {
        id,
        createdAt: now,
        title: "",
        updatedAt: now,
        held: false,
        turns: [],
      };
      if (kept.held) throw new SessionHeldError({ sessionId: id, holder: HOLDER });
      kept.held = true;
      sessions.set(id, kept);
      return whole(kept);
    },
    load: async (id) => {
      const kept = sessions.get(id);
      return kept && whole(kept);
    },
    list: async () => Array.from(sessions.values(), summary).sort((a, b) => b.updatedAt - a.updatedAt),
    findTurns: async (ids) => [...sessions.values()].flatMap((kept) => turnsOf(kept, ids)),
    begin: async (sessionId, { title, message, ...turn }) => {
      put(held(sessionId), { ...turn, status: "unfinished", messages: [message] }, title);
    },
    finish: async (sessionId, turn) => put(held(sessionId), turn, undefined),
    rename: async (id, title) => {
      const kept = sessions.get(id);
      if (kept === undefined) throw new SessionUnknownError({ sessionId: id });
      kept.title = title;
    },
    remove: async (id) => {
      sessions.delete(id);
    },
    release: async (id) => {
      const kept = sessions.get(id);
      if (kept) kept.held = false;
    },
    close: async () => {
      for (const kept of sessions.values()) kept.held = false;
    },
  };
}

function summary(kept: Kept): SessionSummary {
  const last = kept.turns.at(-1);
  return {
    id: kept.id,
    title: kept.title,
    createdAt: kept.createdAt,
    updatedAt: kept.updatedAt,
    turnCount: kept.turns.length,
    ...(kept.held ? { heldBy: HOLDER } : {}),
    ...(last ? { lastConfiguration: last.configuration } : {}),
  };
}

function whole(kept: Kept): Session {
  return { ...summary(kept), turns: structuredClone(kept.turns) };
}

function turnsOf({ id: sessionId, turns }: Kept, ids: readonly string[]): readonly FoundTurn[] {
  return turns
    .filter(({ id }) => ids.includes(id))
    .map((turn) => ({ sessionId, turn: structuredClone(turn) }));
}
