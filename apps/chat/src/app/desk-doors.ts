import type { Command, Desk } from "../commands/command.ts";
import type { Entry } from "../transcript/entry.ts";
import type { BackgroundRuns } from "./background-runs.ts";
import type { Look } from "./look.ts";
import type { TurnView } from "./turn-view.ts";

/** The part of the chat that the desk uses. */
export interface DeskDoors extends Pick<Desk, "show" | "openRun" | "requeue" | "ask" | "retryState"> {
  readonly print: (entry: Entry) => void;
  readonly quit: () => void;
  readonly retry: () => Promise<void>;
  readonly background: () => BackgroundRuns;
  /** The id of the turn that is on its way. */
  readonly runningTurn: () => string | undefined;
  readonly commands: () => readonly Command[];
  readonly queue: () => readonly string[];
  /** The turn that runs; `undefined` between turns. */
  readonly live: () => Pick<TurnView, "rail" | "lastCall"> | undefined;
  readonly look: Look;
}
