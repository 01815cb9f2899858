/** What the view of a run is made from, what it may do, and how it opens. */
import type { OrchestrationEvent } from "@orch/core";
import type { Graph } from "@orch/core/draw";
import type { JournalRecord } from "@orch/core/host";
import type { SafeText } from "../terminal/safe-text.ts";
import type { Theme } from "../terminal/theme.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunViewNote, RunViewState } from "./run-view-state.ts";

/** What a fork of the run begins with. */
export interface RunFork {
  readonly before?: string;
  readonly after?: string;
  readonly input?: unknown;
  readonly output?: unknown;
}

/** What the view is made from, and what it may do. */
export interface RunViewDoors {
  readonly record: () => RunRecord;
  readonly events: () => readonly OrchestrationEvent[];
  /** Its journal, where it is kept. */
  readonly records: () => Promise<readonly JournalRecord[] | undefined>;
  /** The graph of what answers now. */
  readonly graph: () => Graph | undefined;
  readonly theme: () => Theme;
  readonly now: () => number;
  /** Begins to read the run; gives the way to stop. */
  readonly follow: (changed: () => void, failed: (reason: SafeText) => void) => () => void;
  readonly copy: (text: SafeText) => { readonly taken: boolean; readonly note: SafeText };
  /** Writes a new file of the folder, and says what became of it. */
  readonly write: (name: string, text: string) => Promise<RunViewNote>;
  /** Starts a fork, and the view is closed; or why none can be started, as a sentence. */
  readonly fork: (fork: RunFork) => Promise<SafeText | undefined>;
  /** Tries the run again; why it cannot be tried again, as a sentence. */
  readonly retry: () => SafeText | undefined;
  /** Lets the user write a text in an editor of their own; `undefined` where they have none. */
  readonly edit:
    | ((text: string) => Promise<{ readonly text: string } | { readonly problem: string }>)
    | undefined;
  /** A failure as a sentence. */
  readonly failure: (error: unknown) => SafeText;
}

/** How the view opens. */
export interface RunViewStart extends Pick<Partial<RunViewState>, "sheet" | "reading"> {
  /** The state that is chosen, by its name, or by the number of its row from 1. */
  readonly wanted?: string;
  /** Set for a replay from the beginning. */
  readonly replay?: true;
  readonly note?: RunViewNote;
}
