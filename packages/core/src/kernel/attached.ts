/** Extra data of an activation, created only for an activation that needs it. */

import type { CancelTimer } from "../platform/clock.ts";
import type { Census } from "../words/census.ts";
import type { Activation, Ended } from "./activation.ts";
import type { CircuitState } from "./circuit.ts";
import type { DossierEntry } from "./dossier.ts";
import type { Mailbox } from "./mailbox.ts";
import type { StateDraft, StateWrite } from "./state-values.ts";
import type { RunState } from "./transition.ts";

/** A memo of `ctx.once` or `ctx.ask`, or what a host keeps of a wait. */
export type Note =
  | { readonly kind: "kept"; readonly value: unknown }
  | { readonly kind: "coming"; readonly value: Promise<unknown> };

/** The extra data of one activation. */
export interface Attached {
  /** Timers that end with it. */
  alarms: CancelTimer[];
  /** By name; they outlive an attempt, and on a durable host the process. */
  notes: Map<string, Note>;
  /** Writes to shared state, which count when it completes. */
  writes: StateWrite[];
  /** Values of shared state that were handed out since the attempt began; those that were changed become writes. */
  drafts: StateDraft[] | undefined;
  /** Commits the writes; set with the first view of shared state, so that a program without any holds nothing of it. */
  commit: ((run: RunState, operation: Activation) => Error | undefined) | undefined;
  /** Whether it waits, and its branch of a fan-out has given its place back. */
  rests: boolean;
  /** Whether it was stopped from outside before it ended, so that it goes on when the run is tried again. */
  stopped: boolean;
  /** Of the outermost activation: the fan-outs of the run with branches that failed or did not end. */
  censuses: readonly Census[] | undefined;
  /** What edges inside it added to dossiers, by their ids: of a branch, or of the run. */
  dossiers: Map<string, DossierEntry> | undefined;
  /** What its completed branches added to dossiers, by their numbers. */
  branches: (ReadonlyMap<string, DossierEntry> | undefined)[] | undefined;
  /** Called when it ends; set with the first addition to a dossier, so that a program without any holds nothing of it. */
  leaving: ((activation: Activation, ended: Ended) => void) | undefined;
  /** Of the outermost activation: how far the circuit of the run is. */
  circuit: CircuitState | undefined;
  /** Of the outermost activation: the signals of the run, and who waits for them. */
  mailbox: Mailbox | undefined;
}

/** What an attempt wrote to shared state does not count when the attempt failed. */
export function forgetWrites(attached: Attached): void {
  attached.writes = [];
  attached.drafts = undefined;
}
