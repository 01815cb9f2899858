/**
 * The tables, as a list of steps: step `n` brings a file of format `n - 1` to format `n`. A step that
 * was released is never changed.
 *
 * Each row of a conversation carries a digest of its content, because SQLite's own check sees a
 * broken structure but not a changed letter.
 */
import type { DatabaseSync } from "node:sqlite";
import { rowSum } from "./row-checksum.ts";

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    turn_count INTEGER NOT NULL,
    last_configuration TEXT,
    digest TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE turns (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (session_id, position)
  ) STRICT;

  CREATE UNIQUE INDEX turns_by_id ON turns (session_id, id);

  CREATE TABLE holds (
    session_id TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    process_started_at TEXT NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // The runs of a durable host. Numbers of runs and claims are never given twice (AUTOINCREMENT), so that a
  // claim on a run that was removed does not fit the one made after it. A record is written into one table and
  // touches no other: that is one page of the log for a commit.
  `
  CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    orchestration TEXT NOT NULL,
    version TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at REAL NOT NULL,
    origin TEXT,
    status TEXT NOT NULL,
    due_at REAL,
    sum INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX runs_by_status ON runs (status);
  CREATE INDEX runs_by_due ON runs (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE claims (
    epoch INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL UNIQUE,
    token TEXT NOT NULL,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    process_started_at TEXT NOT NULL,
    until REAL NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE journal (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    at REAL NOT NULL,
    path TEXT NOT NULL,
    value TEXT,
    more TEXT,
    value_at TEXT,
    more_at TEXT,
    sum INTEGER NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE answers (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    question TEXT NOT NULL,
    value TEXT NOT NULL,
    at REAL NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX answers_by_question ON answers (run, question);

  CREATE TABLE blobs (
    blob INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE blob_uses (
    run INTEGER NOT NULL,
    blob INTEGER NOT NULL,
    PRIMARY KEY (run, blob)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX blob_uses_by_blob ON blob_uses (blob);
  `,
  // A claim is a part of its run's row, and a record has one number for its run and its place in it: a new run touches
  // two tables less, and a record is added at the end of a page that gets full. Types of records are numbers, and a text
  // that is kept apart is a BLOB that says where. The claims there are end, because who holds one has an older version,
  // which cannot write here any more. A checksum that does not match stays so.
  `
  ALTER TABLE runs ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN token TEXT;
  ALTER TABLE runs ADD COLUMN pid INTEGER;
  ALTER TABLE runs ADD COLUMN host TEXT;
  ALTER TABLE runs ADD COLUMN process_started_at TEXT;
  ALTER TABLE runs ADD COLUMN until REAL;

  UPDATE runs SET epoch = (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'claims');
  UPDATE runs SET sum = CASE
    WHEN sum = row_sum(run, id, orchestration, version, hash, created_at, origin, status, due_at)
    THEN row_sum(run, id, orchestration, version, hash, created_at, origin, status, due_at,
      epoch, token, pid, host, process_started_at, until)
    ELSE -1 END;
  DROP TABLE claims;

  ALTER TABLE journal RENAME TO journal_before;
  CREATE TABLE journal (
    place INTEGER PRIMARY KEY,
    type INTEGER NOT NULL,
    at REAL NOT NULL,
    path TEXT NOT NULL,
    value ANY,
    more ANY,
    sum INTEGER NOT NULL
  ) STRICT;
  INSERT INTO journal
    SELECT (run << 32) | seq,
      CASE type WHEN 'started' THEN 1 WHEN 'committed' THEN 2 WHEN 'failed' THEN 3 WHEN 'asked' THEN 4
        WHEN 'answered' THEN 5 WHEN 'slept' THEN 6 WHEN 'once' THEN 7 WHEN 'stopped' THEN 8 WHEN 'dropped' THEN 9
        WHEN 'cancelled' THEN 10 WHEN 'retried' THEN 11 WHEN 'migrated' THEN 12 WHEN 'done' THEN 13 ELSE 0 END,
      at, path, coalesce(value, CAST(value_at AS BLOB)), coalesce(more, CAST(more_at AS BLOB)), sum
    FROM journal_before ORDER BY run, seq;
  DROP TABLE journal_before;
  `,
  // Answers become requests, which cancellations are too: each has a verdict. The answers there are kept, and the process
  // that takes up their run finds out which of them it has used. A claim says when it ends by the clock of the machine's boot
  // too. The claims there are end, because who holds one has an older version. A checksum that does not match stays so.
  `
  CREATE TABLE requests (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    question TEXT,
    value TEXT NOT NULL,
    at REAL NOT NULL,
    state TEXT NOT NULL,
    detail TEXT,
    sum INTEGER NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX requests_by_state ON requests (state, run, seq) WHERE state IN ('open', 'kept');

  INSERT INTO requests
    SELECT run, seq, 'answer', question, value, at, 'kept', NULL,
      CASE WHEN sum = row_sum(run, seq, question, value, at)
        THEN row_sum(run, seq, 'answer', question, value, at, 'kept', NULL) ELSE -1 END
    FROM answers ORDER BY run, seq;
  DROP TABLE answers;

  ALTER TABLE runs ADD COLUMN boot TEXT;
  ALTER TABLE runs ADD COLUMN until_on_boot REAL;
  UPDATE runs SET sum = CASE
    WHEN sum = row_sum(run, id, orchestration, version, hash, created_at, origin, status, due_at,
      epoch, token, pid, host, process_started_at, until)
    THEN row_sum(run, id, orchestration, version, hash, created_at, origin, status, due_at,
      epoch, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
    ELSE -1 END;
  UPDATE runs SET token = NULL, pid = NULL, host = NULL, process_started_at = NULL, until = NULL;

  CREATE TABLE graphs (
    name TEXT PRIMARY KEY,
    graph TEXT NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // A hold says since when it is held, and what the turns of a session used is summed up once, so that a session can be shown
  // without reading all of its turns. A turn that is no JSON adds nothing: it is named when it is read.
  `
  ALTER TABLE holds ADD COLUMN taken_at INTEGER NOT NULL DEFAULT 0;
  UPDATE holds SET taken_at = seen_at;

  CREATE TABLE session_usage (
    session_id TEXT PRIMARY KEY,
    input REAL NOT NULL,
    output REAL NOT NULL,
    cost REAL NOT NULL,
    unpriced INTEGER NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  INSERT INTO session_usage
    SELECT session_id, input, output, cost, unpriced, row_sum(session_id, input, output, cost, unpriced)
    FROM (SELECT s.id AS session_id,
        total(json_extract(t.body, '$.usage.input')) AS input, total(json_extract(t.body, '$.usage.output')) AS output,
        total(json_extract(t.body, '$.cost')) AS cost,
        count(t.body) - count(json_extract(t.body, '$.cost')) AS unpriced
      FROM sessions s
      LEFT JOIN (SELECT session_id, CASE WHEN json_valid(body) THEN body END AS body FROM turns) t ON t.session_id = s.id
      GROUP BY s.id);
  `,
  // Records may refer to parts that stand in other records, which an older version would not put back.
  "",
  // Long texts may stand behind the JSON of a record, which an older version would call damaged.
  "",
  // The sums say how much came from a cache, and of how many turns the tokens are estimated. They are made anew: a turn that was answered without a call
  // of a model has no price to be known. A turn that is no JSON adds nothing: it is named when it is read.
  `
  DROP TABLE session_usage;
  CREATE TABLE session_usage (
    session_id TEXT PRIMARY KEY,
    input REAL NOT NULL,
    output REAL NOT NULL,
    cost REAL NOT NULL,
    unpriced INTEGER NOT NULL,
    cached REAL NOT NULL,
    estimated INTEGER NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  INSERT INTO session_usage
    SELECT session_id, input, output, cost, unpriced, cached, estimated,
      row_sum(session_id, input, output, cost, unpriced, cached, estimated)
    FROM (SELECT s.id AS session_id,
        total(CASE WHEN json_type(t.body, '$.usage.input') IN ('integer', 'real')
          THEN json_extract(t.body, '$.usage.input') END) AS input,
        total(CASE WHEN json_type(t.body, '$.usage.output') IN ('integer', 'real')
          THEN json_extract(t.body, '$.usage.output') END) AS output,
        total(CASE WHEN json_type(t.body, '$.cost') IN ('integer', 'real')
          THEN json_extract(t.body, '$.cost') END) AS cost,
        count(CASE WHEN json_type(t.body, '$.cost') IS NULL AND NOT
          (json_type(t.body, '$.usage') IS NULL AND json_extract(t.body, '$.status') = 'completed')
          THEN t.body END) AS unpriced,
        total(CASE WHEN json_type(t.body, '$.usage.cacheRead') IN ('integer', 'real')
          THEN json_extract(t.body, '$.usage.cacheRead') END) AS cached,
        count(CASE WHEN json_type(t.body, '$.usage.estimated') = 'true' THEN 1 END) AS estimated
      FROM sessions s
      LEFT JOIN (SELECT session_id, CASE WHEN json_valid(body) THEN body END AS body FROM turns) t ON t.session_id = s.id
      GROUP BY s.id);
  `,
];

/** The first format that has runs. */
export const RUNS_SINCE = 2;

/** Prepares a connection for the steps, which recompute the checksums of rows that get more columns. */
export function migrating(database: DatabaseSync): DatabaseSync {
  database.function("row_sum", { varargs: true, deterministic: true }, (...values) =>
    rowSum(values as readonly (string | number | null)[]),
  );
  return database;
}

/** The format that this version writes. */
export const FORMAT: number = MIGRATIONS.length;

/** "Orch" in ASCII: tells our files from those of other programs (SQLite's `application_id`). */
export const APPLICATION_ID = 0x4f726368;
