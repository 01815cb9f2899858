/**
 * Decisions: what the user's pure callbacks said while one completion was taken: which advancer won
 * and what its conversion gave, which branch was skipped, which runnable was chosen. A host that
 * keeps a journal notes them, and on resume they are recalled, so that no condition of a committed
 * step is asked a second time.
 */
import type { Made } from "./compiled.ts";

/**
 * Which edge was taken (its place among the state's advancers or catches), its target state, the converted input where the
 * edge converts, and what the target was made from where it was made on the way.
 */
export type MoveDecision = readonly [edge: number, target: number, input?: unknown, made?: Made];

/** That the failure of a branch halts its fan-out; with an error when the option `terminal` threw it. */
export interface HaltDecision {
  readonly halt: Error | null;
}

/** That what has arrived of a fan-out is enough; with an error when the option `enough` threw it. */
export interface EnoughDecision {
  readonly enough: Error | null;
}

/** That what a branch gave ends its orchestration; with an error when the option `when` threw. */
export interface ExitDecision {
  readonly exit: Error | null;
}

/** What is noted only where it holds, by its key. */
export type MarkKey = keyof HaltDecision | keyof EnoughDecision | keyof ExitDecision;

/** A mark that was recalled, with what a callback threw instead. */
export interface Mark {
  readonly error: Error | null;
}

/** An edge was taken that added to a dossier. */
export interface AddedDecision {
  readonly move: MoveDecision;
  readonly added: unknown;
}

/** What `choose` gave. */
export interface ChoiceDecision {
  /** The id of the runnable, or the name of the candidate. */
  readonly chose: string;
  /** What is inside it, where the definition does not tell. */
  readonly form?: unknown;
  /** Where a conversion made it: what the runnable receives, in a list of one. */
  readonly given?: readonly [input: unknown];
}

/** One decision. */
export type Decision =
  | MoveDecision
  | AddedDecision
  /** No edge was taken: the machine ends as its state did. */
  | "end"
  /** No edge was taken, and the state is entered again. */
  | "again"
  /** A branch under a condition. */
  | "open"
  | "skip"
  | ChoiceDecision
  /** The failure of a branch halts its fan-out; with an error when the option `terminal` threw. */
  | HaltDecision
  /** What has arrived of a fan-out is enough. */
  | EnoughDecision
  /** What a branch gave ends its orchestration. */
  | ExitDecision
  | MetDecision
  | FailedDecision;

/** The condition of the wait with this path held, or threw something. */
export interface MetDecision {
  readonly met: string;
  readonly thrown?: Error;
}

/** A callback threw, or a limit was reached. */
export interface FailedDecision {
  readonly error: Error;
  /** The edges for failures were asked about it. The next decision says what came of that. */
  readonly caught?: true;
}

/** Notes decisions, or recalls them. */
export interface Decisions {
  /** What was decided here before; `undefined` when it is to be decided now. */
  readonly recall: () => Decision | undefined;
  /**
   * Whether the failure of a branch halted its fan-out before, or what had arrived was enough: takes the next decision if it
   * has this key. `undefined` when it is to be decided now; "on" where nothing was noted, because it did not hold.
   */
  readonly recallMark: (key: MarkKey) => Mark | "on" | undefined;
  /**
   * Whether the condition of the wait with this path held before: takes the next decision if it says so. `undefined` when it
   * is to be decided now. A condition that did not hold leaves no decision.
   */
  readonly recallMet: (path: string) => MetDecision | "on" | undefined;
  /**
   * Gives the decision to take an edge from one state to another as it will be kept. Throws when it could not be kept; asked
   * before anything is done on account of it. `what` says what it carries, where that is no input of a conversion.
   */
  readonly admit: (decision: MoveDecision, from: string, to: string, what?: string) => MoveDecision;
  readonly note: (decision: Decision) => void;
  /** Gives an error as it will be recalled: what one life of a run sees, every life sees. */
  readonly kept: (error: Error) => Error;
}
