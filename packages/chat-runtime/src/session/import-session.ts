/** Reads exported sessions. What was cut or changed is refused as a whole: a shortened conversation is worse than none. */
import { type Json, parseJson } from "@orch/core";
import { SessionImportError } from "../errors/session-import-error.ts";
import { EXPORT_FORMAT } from "./export-session.ts";
import { messageProblem } from "./message-problem.ts";
import type { Session, SessionStore, TurnRecord, TurnStatus } from "./session-store.ts";

type Fields = { readonly [key: string]: Json };

const STATUSES: readonly TurnStatus[] = ["completed", "failed", "cancelled", "unfinished", "dropped"];

/**
 * Reads a session that `exportSession(session, "jsonl")` wrote.
 *
 * @throws SessionImportError (`ORCH_SESSION_IMPORT`), naming the line.
 */
export function parseSession(text: string): Session {
  const lines = text.split("\n");
  if (lines.at(-1) !== "")
    throw new SessionImportError({ line: lines.length, problem: "does not end: the text was cut" });
  const [head, ...rest] = lines.slice(0, -1).map(fieldsOf);
  if (head?.["format"] !== EXPORT_FORMAT) {
    throw new SessionImportError({ line: 1, problem: `does not say "format": "${EXPORT_FORMAT}"` });
  }
  const { id, title, createdAt, updatedAt, turnCount } = head;
  if (
    typeof id !== "string" ||
    typeof title !== "string" ||
    typeof createdAt !== "number" ||
    typeof updatedAt !== "number"
  ) {
    throw new SessionImportError({ line: 1, problem: "lacks an id, title, createdAt or updatedAt" });
  }
  if (turnCount !== rest.length) {
    throw new SessionImportError({
      line: 1,
      problem: `announces ${String(turnCount)} turns, and there are ${rest.length}`,
    });
  }
  const turns = rest.map((fields, index) => turnOf(fields, index + 2));
  const last = turns.at(-1);
  return {
    id,
    title,
    createdAt,
    updatedAt,
    turnCount: turns.length,
    turns,
    ...(last ? { lastConfiguration: last.configuration } : {}),
  };
}

/**
 * Reads an exported session into a store, under its own id or another, and gives it. The store does
 * not hold it afterwards.
 *
 * @throws SessionImportError (`ORCH_SESSION_IMPORT`) before anything is written, SessionExistsError
 * (`ORCH_SESSION_EXISTS`).
 */
export async function importSession(
  text: string,
  store: SessionStore,
  options: { readonly id?: string } = {},
): Promise<Session> {
  const session = parseSession(text);
  const { id = session.id } = options;
  const imported = { ...session, id };
  await store.add(imported);
  return imported;
}

function fieldsOf(text: string, index: number): Fields {
  const line = index + 1;
  let value: Json;
  try {
    value = parseJson(text, { maxDepth: 1000 });
  } catch (cause) {
    throw new SessionImportError({ line, problem: "is not JSON" }, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SessionImportError({ line, problem: "is no object" });
  }
  return value as Fields;
}

function turnOf(fields: Fields, line: number): TurnRecord {
  const problem = turnProblem(fields);
  if (problem !== undefined) throw new SessionImportError({ line, problem });
  return fields as unknown as TurnRecord;
}

function turnProblem({ id, configuration, status, startedAt, messages }: Fields): string | undefined {
  if (typeof id !== "string" || typeof configuration !== "string" || typeof startedAt !== "number") {
    return "is a turn without an id, configuration or startedAt";
  }
  if (!STATUSES.includes(status as TurnStatus)) return "is a turn without a known status";
  if (!Array.isArray(messages)) return "is a turn without messages";
  if ((messages[0] as Fields | undefined)?.["role"] !== "user")
    return "is a turn that no user message begins";
  for (const message of messages) {
    const problem = messageProblem(message as Json);
    if (problem !== undefined) return `has a message that ${problem}`;
  }
  return undefined;
}
