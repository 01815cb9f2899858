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
];

/** The format that this version writes. */
export const FORMAT: number = MIGRATIONS.length;

/** "Orch" in ASCII: tells our files from those of other programs (SQLite's `application_id`). */
export const APPLICATION_ID = 0x4f726368;
