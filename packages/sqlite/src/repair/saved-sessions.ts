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
  const body = old.prepare("SELECT id, position, body, digest FROM turns NOT INDEXED WHERE rowid = ?");
  const changed: RepairedSession[] = [];
  let count = 0;
  for (const id of new Set([...rows.keys(), ...found.keys()])) {
    const places = (found.get(id) ?? []).toSorted((one, other) => one.position - other.position);
    const turns = places.map(({ rowid }) => readTurn(id, body.get(rowid) as unknown as TurnRow)!);
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

/** Where the whole turns of each session are. Their texts are read again later, a session at a time. */
function turnsOf(old: DatabaseSync): Map<string, { rowid: number; position: number }[]> {
  const found = new Map<string, Map<number, number>>();
  const rows = readableRows<FoundTurn>(old, "turns", "session_id, id, position, body, digest");
  for (const row of rows) {
    if (readTurn(row.session_id, row) === undefined) continue;
    const places = found.get(row.session_id) ?? new Map<number, number>();
    found.set(row.session_id, places.set(row.position, row.rowid));
  }
  return new Map(
    [...found].map(([id, places]) => [id, [...places].map(([position, rowid]) => ({ rowid, position }))]),
  );
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
