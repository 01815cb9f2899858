/** Values of `ctx.once`, kept while their attempt goes on: an attempt that is performed again after a kill is given them. */
import { messageOf } from "@orch/core/doors";
import type { AttemptHelp, Operation, Outcome } from "@orch/core/host";
import type { RunService } from "../client/run-service.ts";
import type { OnceNote } from "../words/once-note.ts";
import type { WorkerLog } from "./worker-log.ts";

/** Performs an attempt. */
type Perform = (operation: Operation, help?: AttemptHelp) => Outcome | Promise<Outcome>;

/**
 * Keeps values by calls to the server from within attempts. Inside an attempt nothing else can be kept: the journal of its
 * invocation takes one entry for all of it.
 */
export class OnceNotes {
  readonly #service: Pick<RunService, "keepNote" | "notes">;
  readonly #log: WorkerLog;

  constructor(service: Pick<RunService, "keepNote" | "notes">, log: WorkerLog) {
    this.#service = service;
    this.#log = log;
  }

  /** Performs an attempt. `isAgain`: it may have been performed before, by a process that is gone. Rejects when what that one kept cannot be read. */
  async perform(operation: Operation, isAgain: boolean, perform: Perform): Promise<Outcome> {
    const { runId, id } = operation;
    const kept = isAgain ? await this.#service.notes(runId, id) : [];
    const notes: OnceNote[] = [...kept];
    const keep: AttemptHelp["keep"] = async (_, name, value) => {
      const note: OnceNote = value === undefined ? [name] : [name, value];
      notes.push(note);
      try {
        await this.#service.keepNote(runId, id, note);
      } catch (error) {
        // The value is there and may have cost something. It is kept with the outcome, as without this.
        const text = `a value of ctx.once of ${operation.path} is kept with the outcome only: ${messageOf(error)}`;
        this.#log({ level: "warn", text, runId });
      }
    };
    const given =
      kept.length === 0 ? operation : { ...operation, notes: [...(operation.notes ?? []), ...kept] };
    const outcome = await perform(given, { keep });
    return notes.length === 0 ? outcome : { ...outcome, notes: [...notes, ...(outcome.notes ?? [])] };
  }
}
