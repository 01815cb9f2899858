import { OrchError } from "./orch-error.ts";

/** Who wrote the same value. */
export interface StateConflictFacts {
  readonly state: string;
  readonly key: string;
  readonly path: string;
  /** The other writer's activation. */
  readonly other: string;
}

/** Two branches of one fan-out set the same value of shared state. */
export class StateConflictError extends OrchError<"ORCH_STATE_CONFLICT", StateConflictFacts> {
  readonly retryable = false;

  constructor(facts: StateConflictFacts) {
    super("ORCH_STATE_CONFLICT", facts, {
      says: `${facts.path} and ${facts.other} both set "${facts.key}" of "${facts.state}", and side by side neither is the later one.`,
      fix: `Write it with add(), for which it needs a "reduce", instead of set(), or let only one branch write it.`,
    });
  }
}
