/** A conversation of a repaired file that is not as it was. */
export interface RepairedSession {
  readonly id: string;
  /** The title; one made from the first message where it could not be read. */
  readonly title: string;
  readonly turns: number;
  /** How many turns could not be read, as far as that is known. */
  readonly lostTurns: number;
}

/** What became of a damaged file. */
export type RepairReport =
  | { readonly type: "whole"; readonly file: string; readonly sessions: number; readonly runs: number }
  | {
      readonly type: "repaired";
      readonly file: string;
      /** What was damaged, in words. */
      readonly problem: string;
      /** Where the damaged file is kept, with its log. */
      readonly keptAt: string;
      readonly sessions: number;
      readonly turns: number;
      /** The conversations that miss something. */
      readonly changed: readonly RepairedSession[];
      readonly runs: number;
      /** The runs that could not be read whole, by their ids, or by their numbers where an id could not be read. */
      readonly lostRuns: readonly string[];
    };
