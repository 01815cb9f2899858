/**
 * The journal of a run: an append-only list of small records. Folding it through the definition
 * gives the run's state again, so nothing else has to be kept.
 *
 *     started      the input, and what the first step decided
 *     committed    a runnable's output, and what the machine decided on account of it: the advancer
 *                  taken and the converted next input, in one record
 *     failed       a runnable's error after its last attempt, and what was decided
 *     asked        a question was put to a human          answered   and answered, inside a runnable
 *     slept        when a sleep is due                    once       a value that `ctx.once` keeps
 *     spent        tokens and money that were counted     retrying   an attempt failed, and when the next one is due
 *     waiting      the run goes on only after one of these questions is answered
 *     signalled    a signal came, and what was decided on account of it
 *     rested       a runnable in a fan-out waits for answers (`true`), or works again (`false`), and what was decided
 *     missed       events up to number `value` may have been told, and are lost with the process that told them
 *     held         a runnable met a terminal error, and waits for the circuit of the run
 *     added        an item was added to the fan-out, and what was decided
 *     stopped      a deadline or a budget ended a machine
 *     dropped      work that did not settle in its grace time was given up
 *     cancelled    the run was cancelled
 *     retried      the run goes on after its end: the records from number `value` on do not count any more
 *     migrated     all records before it, rewritten for a newer form of the definition
 *     done         how the run ended
 */
/** What a record tells. */
export type JournalRecordType =
  | "started"
  | "committed"
  | "failed"
  | "asked"
  | "answered"
  | "slept"
  | "once"
  | "held"
  | "spent"
  | "added"
  | "retrying"
  | "waiting"
  | "missed"
  | "rested"
  | "signalled"
  | "stopped"
  | "dropped"
  | "cancelled"
  | "retried"
  | "migrated"
  | "done";

/**
 * One record. Its number is its place in the journal, from 1. What it carries is text already,
 * because it has to be what it was when the record was made, and is written once.
 */
export interface JournalRecord {
  readonly type: JournalRecordType;
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number;
  /** The activation it is about. */
  readonly path: string;
  /**
   * What it carries, as JSON text: an output, an error, a prompt, an answer. Absent for `undefined`. It may be large, so a store may keep it
   * apart. One that begins with `~` is a line of JSON with texts behind it, which are missing in it; see `docs/durability.md`.
   */
  readonly value?: string;
  /** The rest, as JSON text: mostly small. */
  readonly more?: string;
}
