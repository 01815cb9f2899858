/**
 * The tables, as a list of steps: step `n` brings a file of format `n - 1` to format `n`. A step that
 * was released is never changed.
 *
 * Each row of a conversation carries a digest of its content, because SQLite's own check sees a
 * broken structure but not a changed letter.
 */
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
];

/** The first format that has runs. */
export const RUNS_SINCE = 2;

/** The format that this version writes. */
export const FORMAT: number = MIGRATIONS.length;

/** "Orch" in ASCII: tells our files from those of other programs (SQLite's `application_id`). */
export const APPLICATION_ID = 0x4f726368;
