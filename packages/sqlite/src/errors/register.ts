import type { StoreErrorFacts } from "./error-facts.ts";

/** Every error code of this package, with what `docs/errors.md` says of it. `ORCH_SESSION_*` are described by `@orch/chat-runtime`. */
export const errorCodes: { readonly [code in keyof StoreErrorFacts]: string } = {
  ORCH_STORE_DAMAGED:
    'A database file is not whole: it is no database, it fails SQLite\'s own check, or what was kept in it does not match its digests. `facts.problem` says what was found, `facts.keptAt` where an untouched copy lies. Nothing was written to the file. Restore a backup, save what can be read with `orch sessions repair` (`repairSqlite` of `@orch/sqlite/sessions`), or open with `onDamage: "start-new"`, which moves the damaged file aside and begins an empty one.',
  ORCH_STORE_NEWER:
    "A database file was written by a newer version of Orch, whose format this version does not know. Update Orch, or name another file. Nothing was written to it.",
  ORCH_STORE_BUSY:
    "Another process kept the database file locked for longer than the waiting time (5 seconds unless set). Nothing of this write was kept. A durable host tries again by itself, and its runs are `paused` meanwhile; a call of the host gives up after 5 seconds. Try again; if it lasts, look for a process that holds a transaction open.",
  ORCH_STORE_FAILED:
    "The database file could not be opened, read or written: the disk is full, the folder is not writable, the medium failed. `cause` is SQLite's or the system's error. Nothing of this write was kept. While a disk is full (`error.pauses` is `full`) the runs of a durable host are `paused`, and go on when there is room; any other cause stops them.",
  ORCH_STORE_LINK:
    "The database file, or its write-ahead log, is a symbolic link or no regular file. Runs are not written through a link, because whoever can place one would choose what is overwritten. Name the file itself. Nothing was written.",
  ORCH_STORE_OPTION:
    "`synchronous` or `onDamage` of a store has a value that means nothing, and the promise that was meant would not have been kept. `facts.allowed` lists what there is. Nothing was opened.",
  ORCH_STORE_PATH:
    "What was given for the path of a database names no file: it is empty, `:memory:`, or an address that begins with `file:`. A database is kept in a file. For runs that may end with the process take `memoryHost()` from `@orch/core/host`. Nothing was made.",
  ORCH_JOURNAL_POSITION:
    "Records were to be added to a run at a number that is not the next one of its journal, so a record would be lost or doubled. Nothing of the write was kept. It is a mistake of the host, not of the orchestration: load the journal again and go on from its end.",
  ORCH_NODE_SQLITE:
    "The platform has no SQLite of its own: Node is older than 22.18, or was started with `--no-experimental-sqlite`. `facts.node` is its version. Install a newer Node, or leave the flag out.",
  ORCH_STORE_CLOSED:
    "A host or a store was used after `close()`, mostly by a run that was started and not awaited. Close it last, or open another on the same file.",
};
