/** Sessions and turns as rows, each with a digest of what it says. */
import type { SessionSpent, SessionSummary, TurnRecord } from "@orch/chat-runtime/session-store";
import { type Json, parseJson } from "@orch/core";
import { digest } from "./digest.ts";
import type { Holder } from "./holds.ts";

/** A row of `sessions`. */
export interface SessionRow {
  readonly id: string;
  readonly title: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly turn_count: number;
  readonly last_configuration: string | null;
  readonly digest: string;
}

/** A row of `turns`. */
export interface TurnRow {
  readonly id: string;
  readonly position: number;
  readonly body: string;
  readonly digest: string;
}

/** A turn may nest deeper than a message from outside does. */
const LIMITS = { maxDepth: 1000, maxLength: 512 * 1024 * 1024 };

/** Gives a session row its digest. A column holds UTF-8, so half of a surrogate pair becomes what would be read of it. */
export function sealSession(session: Omit<SessionRow, "digest">): SessionRow {
  const { title, last_configuration } = session;
  const row = {
    ...session,
    title: title.toWellFormed(),
    last_configuration: last_configuration?.toWellFormed() ?? null,
  };
  return { ...row, digest: sessionDigest(row) };
}

/** Whether the digest of a session row matches its contents. */
export function sessionHolds(row: SessionRow): boolean {
  return row.digest === sessionDigest(row);
}

function sessionDigest(row: Omit<SessionRow, "digest">): string {
  const { id, title, created_at, updated_at, turn_count, last_configuration } = row;
  return digest([id, title, created_at, updated_at, turn_count, last_configuration]);
}

/**
 * Writes a turn as a row.
 *
 * @throws JsonError (`ORCH_JSON`) when it could not be read again.
 */
export function sealTurn(sessionId: string, position: number, turn: TurnRecord): TurnRow {
  const body = JSON.stringify(turn);
  // What the guard at the reading end would refuse must not get in: the session could never be opened again.
  parseJson(body, LIMITS);
  const id = turn.id.toWellFormed();
  return { id, position, body, digest: digest([sessionId, position, id, body]) };
}

/** Reads a turn; `undefined` when the digest of its row does not match. */
export function readTurn(sessionId: string, row: TurnRow): TurnRecord | undefined {
  if (row.digest !== digest([sessionId, row.position, row.id, row.body])) return undefined;
  const value: Json = parseJson(row.body, LIMITS);
  return value as unknown as TurnRecord;
}

/** A session row as others see it. */
export function summaryOf(row: SessionRow, held: Holder | undefined, spent: SessionSpent): SessionSummary {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    turnCount: row.turn_count,
    ...(held && { heldBy: held.holder, heldSince: held.since }),
    ...(row.last_configuration === null ? {} : { lastConfiguration: row.last_configuration }),
    spent,
  };
}
