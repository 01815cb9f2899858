import { OrchError } from "@orch/core";

/** A clock was told to run until no timer waits, but new timers kept coming. */
export class NeverIdleError extends OrchError<"ORCH_NEVER_IDLE"> {
  constructor(facts: { readonly limit: number; readonly pending: number }) {
    super("ORCH_NEVER_IDLE", facts, {
      says: `${facts.limit} timers fired, and ${facts.pending} still wait.`,
      fix: "Find what sets a timer again and again, use advance(ms), or give runAll a higher limit.",
    });
  }
}
