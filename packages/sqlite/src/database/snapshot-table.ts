/** The table of snapshots. It is a cache and no part of the format: a file without it gets it with its first snapshot. */
export const SNAPSHOTS =
  "CREATE TABLE IF NOT EXISTS snapshots (run INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT";
