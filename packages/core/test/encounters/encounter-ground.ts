/** Where the run of an encounter is kept. */
import type { Clock } from "@orch/core";
import { type Awaitable, type JournalStore, memoryStore } from "@orch/core/host";

/** What keeps the run of one encounter. */
export interface Ground {
  /** Opens it, as a process does that begins. */
  readonly open: (clock: Clock) => JournalStore;
  /** The process that has it open is killed: from now on it is opened as that process left it. */
  readonly kill: () => void;
  /** The encounter is over. */
  readonly end: () => Awaitable<void>;
}

/** Memory. */
export function memoryGround(): Ground {
  const store = memoryStore();
  return { open: () => store, kill: () => {}, end: () => {} };
}
