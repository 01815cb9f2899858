import { OrchError } from "@orch/core";
import type { StopSignal } from "../process/doors.ts";

/** A signal stopped the program before it had an answer. */
export class InterruptedError extends OrchError<"ORCH_INTERRUPTED"> {
  constructor(facts: { readonly signal: StopSignal }) {
    super("ORCH_INTERRUPTED", facts, {
      says: `Stopped by ${facts.signal}.`,
      fix: "What was written is kept in the session; orch -c goes on with it.",
    });
  }
}
