/** Carries the conversations of a damaged database into a new one. */
import type { DatabaseSync } from "node:sqlite";
import { type TurnRecord, turnText } from "@orch/chat-runtime/session-store";
import { readTurn, type SessionRow, sessionHolds, type TurnRow } from "../session/rows.ts";
import type { Sessions } from "../session/sessions.ts";
import { type NumberedRow, readableRows, readableUntil, tried } from "./readable-rows.ts";
import type { RepairedSession } from "./repair-report.ts";

/** Longest title that is made of a message, in characters. */
const LONGEST = 60;

type FoundTurn = TurnRow & NumberedRow & { readonly session_id: string };

/** Where a whole turn is read again. */
interface FoundPlace {
  readonly position: number;
  readonly read: () => TurnRecord;
}

/** What was saved of the conversations. */
export interface SavedSessions {
  readonly sessions: number;
  readonly turns: number;
  readonly changed: readonly RepairedSession[];
}

/** Writes every conversation that can be read, and of each the turns that can. */
export function saveSessions(old: DatabaseSync, into: Sessions): SavedSessions {
  const found = turnsOf(old);
  const rows = sessionsOf(old, [...found.keys()]);
  const changed: RepairedSession[] = [];
  let count = 0;
  for (const id of new Set([...rows.keys(), ...found.keys()])) {
    const places = (found.get(id) ?? []).toSorted((one, other) => one.position - other.position);
    const turns = places.map(({ read }) => read());
    const row = rows.get(id);
    const title = row?.title ?? titleOf(turns);
    into.add({
      id,
      title,
      createdAt: row?.created_at ?? turns[0]?.startedAt ?? 0,
      updatedAt: row?.updated_at ?? turns.at(-1)?.endedAt ?? turns.at(-1)?.startedAt ?? 0,
      turnCount: turns.length,
      turns,
    });
    count += turns.length;
    const lostTurns = Math.max(row?.turn_count ?? 0, places.at(-1)?.position ?? 0) - turns.length;
    if (row === undefined || lostTurns > 0) changed.push({ id, title, turns: turns.length, lostTurns });
  }
  return { sessions: new Set([...rows.keys(), ...found.keys()]).size, turns: count, changed };
}

/**
 * Where the whole turns of each session are. Their texts are read again later, a session at a time; a turn that its
 * number does not lead to, because the pages above it are damaged, is kept as it was met on the way through the table.
 */
function turnsOf(old: DatabaseSync): Map<string, readonly FoundPlace[]> {
  const numbered = old.prepare("SELECT id, position, body, digest FROM turns NOT INDEXED WHERE rowid = ?");
  const again = ({ session_id, rowid }: Pick<FoundTurn, "session_id" | "rowid">): TurnRecord | undefined => {
    const row = tried(() => numbered.get(rowid)) as unknown as TurnRow | undefined;
    return row && readTurn(session_id, row);
  };
  // Each in a scope of its own, so that what is read later holds no text until then.
  const later = (session_id: string, rowid: number) => () => again({ session_id, rowid })!;
  const kept = (turn: TurnRecord) => () => turn;
  const found = new Map<string, Map<number, FoundPlace>>();
  for (const row of readableRows<FoundTurn>(old, "turns", "session_id, id, position, body, digest")) {
    const { session_id, position, rowid } = row;
    const turn = readTurn(session_id, row);
    if (turn === undefined) continue;
    const read = again(row)?.id === turn.id ? later(session_id, rowid) : kept(turn);
    const places = found.get(session_id) ?? new Map<number, FoundPlace>();
    found.set(session_id, places.set(position, { position, read }));
  }
  return new Map([...found].map(([id, places]) => [id, [...places.values()]]));
}

/** The rows of sessions: from the first one on, from the last one back, and each that a turn names. */
function sessionsOf(old: DatabaseSync, named: readonly string[]): Map<string, SessionRow> {
  const one = "SELECT * FROM sessions WHERE id = ?";
  const rows = [
    ...readableUntil<SessionRow>(old, "SELECT * FROM sessions ORDER BY id"),
    ...readableUntil<SessionRow>(old, "SELECT * FROM sessions ORDER BY id DESC"),
    ...named.flatMap((id) => (tried(() => old.prepare(one).get(id)) as SessionRow | undefined) ?? []),
  ];
  return new Map(rows.filter(sessionHolds).map((row) => [row.id, row]));
}

function titleOf([first]: readonly TurnRecord[]): string {
  return first === undefined
    ? ""
    : turnText({ ...first, messages: first.messages.slice(0, 1) }).slice(0, LONGEST);
}
