/** The seam between a case and those who are measured in it: one small module per subject and family of cases. */

/** What a subject is given to prepare itself. */
export interface Setting {
  /** States, transitions, branches, runs, turns or deltas, as the case says. */
  readonly size: number;
  /** An empty folder that is deleted afterwards. */
  readonly folder: string;
  /** Every step's function calls it, in the cases that watch single steps. */
  readonly tick: () => void;
  /** What steps wait for, in the cases that hold runs open. */
  readonly gate: () => Promise<void>;
}

/** A subject ready to be timed: all that is done once is done. */
export interface Ready {
  /** In `fresh`: makes what the run finds in the folder, in a process of its own. */
  readonly prepare?: () => Promise<void>;
  /** Called before each run, outside of the time. */
  readonly before?: () => unknown;
  /** Does the case's work once and gives its answer, which is checked. */
  readonly run: () => Promise<unknown>;
  /** Called after each run, outside of the time. */
  readonly after?: () => unknown;
  readonly close?: () => unknown;
}

/** Prepares a subject for one case. `undefined`: this version of it has no such feature. */
export type Subject = (setting: Setting) => Ready | undefined | Promise<Ready | undefined>;

/** A module of subjects by the name of the case they are for. */
export type Family = { readonly [subject: string]: Subject | undefined };
