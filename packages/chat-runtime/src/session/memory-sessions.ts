/** Sessions that live as long as the process: for tests, scripts and browsers. */
import { SessionExistsError } from "../errors/session-exists-error.ts";
import { SessionHeldError } from "../errors/session-held-error.ts";
import { SessionNotHeldError } from "../errors/session-not-held-error.ts";
import { SessionUnknownError } from "../errors/session-unknown-error.ts";
import { addSpent, NOTHING_SPENT } from "./session-spent.ts";
import type {
  FoundTurn,
  Session,
  SessionQuery,
  SessionStore,
  SessionSummary,
  TurnRange,
  TurnRecord,
} from "./session-store.ts";
import { missingWords, searchWords, turnText } from "./session-words.ts";
import { rangeOf } from "./turn-range.ts";

const HOLDER = "another runtime of this process";

interface Kept {
  readonly id: string;
  readonly createdAt: number;
  title: string;
  updatedAt: number;
  held: boolean;
  heldSince: number;
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
    open: async (id, now, range) => {
      const kept = sessions.get(id) ?? emptySession(id, now);
      if (kept.held) throw new SessionHeldError({ sessionId: id, holder: HOLDER, since: kept.heldSince });
      kept.held = true;
      kept.heldSince = now;
      sessions.set(id, kept);
      return read(kept, range);
    },
    load: async (id, range) => {
      const kept = sessions.get(id);
      return kept && read(kept, range);
    },
    list: async (query) => listed([...sessions.values()], query),
    add: async ({ id, title, createdAt, updatedAt, turns }) => {
      if (sessions.has(id)) throw new SessionExistsError({ sessionId: id });
      const kept = { id, title, createdAt, updatedAt, held: false, heldSince: 0 };
      sessions.set(id, { ...kept, turns: structuredClone([...turns]) });
    },
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

function emptySession(id: string, now: number): Kept {
  return { id, createdAt: now, title: "", updatedAt: now, held: false, heldSince: now, turns: [] };
}

function listed(
  sessions: readonly Kept[],
  { words = "", prefix = "", skip = 0, limit = Number.POSITIVE_INFINITY }: SessionQuery = {},
): readonly SessionSummary[] {
  const wanted = searchWords(words);
  return sessions
    .filter((kept) => kept.id.startsWith(prefix) && hasWords(kept, wanted))
    .sort((a, b) => b.updatedAt - a.updatedAt)
    .slice(skip, skip + limit)
    .map(summary);
}

function hasWords({ title, turns }: Kept, words: readonly string[]): boolean {
  let missing = missingWords(words, title);
  for (const turn of turns) {
    if (missing.length === 0) return true;
    missing = missingWords(missing, turnText(turn));
  }
  return missing.length === 0;
}

function summary(kept: Kept): SessionSummary {
  const { id, title, createdAt, updatedAt, turns, held, heldSince } = kept;
  const last = turns.at(-1);
  return {
    id,
    title,
    createdAt,
    updatedAt,
    turnCount: turns.length,
    ...(held ? { heldBy: HOLDER, heldSince } : {}),
    ...(last ? { lastConfiguration: last.configuration } : {}),
    spent: turns.reduce((sum, turn) => addSpent(sum, turn), NOTHING_SPENT),
  };
}

function read(kept: Kept, range: TurnRange | undefined): Session {
  const { start, end } = rangeOf(kept.turns.length, range);
  const turns = structuredClone(kept.turns.slice(start, end));
  return { ...summary(kept), turns, ...(start > 0 && { earlier: start }) };
}

function turnsOf({ id: sessionId, turns }: Kept, ids: readonly string[]): readonly FoundTurn[] {
  return turns
    .filter(({ id }) => ids.includes(id))
    .map((turn) => ({ sessionId, turn: structuredClone(turn) }));
}
