import { OrchError } from "./orch-error.ts";

/** A run was to be suspended, but it lives only in the memory of this process. */
export class NotKeptError extends OrchError<"ORCH_NOT_KEPT"> {
  constructor(facts: { readonly runId: string }) {
    super("ORCH_NOT_KEPT", facts, {
      says: `The run "${facts.runId}" lives in the memory of this process and cannot be suspended.`,
      fix: "Start it on a durable host, with the option host, or cancel it.",
    });
  }
}
