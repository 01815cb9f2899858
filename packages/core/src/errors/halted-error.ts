import type { Census } from "../words/census.ts";
import { messageOf } from "./message-of.ts";
import { OrchError } from "./orch-error.ts";

/** Which fan-out or run was halted, and the census of its branches. */
export interface HaltedFacts extends Census {
  /** The id of the fan-out or the orchestration. */
  readonly runnable: string;
}

/** A terminal error halted a fan-out: nothing more was started in it. The terminal error is the `cause`. */
export class HaltedError extends OrchError<"ORCH_HALTED", HaltedFacts> {
  readonly retryable = false;

  constructor(facts: HaltedFacts, cause: Error) {
    const { runnable, done, failed, open } = facts;
    const [why] = messageOf(cause).split("\n");
    super(
      "ORCH_HALTED",
      facts,
      {
        says: `"${runnable}" was halted by an error that no further attempt can change (${done} done, ${failed} failed, ${open} open): ${why}`,
        fix: "Mend the cause; host.retry then runs the failed and the open branches, and keeps those that are done. If such an error concerns one branch alone, say so with the option terminal.",
      },
      { cause },
    );
  }
}
