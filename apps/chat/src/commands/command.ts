/** A slash command, and the desk through which it acts on the chat. */
import type { Session, SessionSummary } from "@orch/chat-runtime";
import type { Graph } from "@orch/core";
import type { FullScreenView } from "../full-screen/full-screen-view.ts";
import type { CompletableCommand } from "../input/completion.ts";
import type { Log } from "../log/log.ts";
import type { GrantFile } from "../questions/grant-file.ts";
import type { RailState } from "../rail/rail-entry.ts";
import type { EndedCall } from "../rail/tool-calls.ts";
import type { RunViewStart } from "../run-view/run-view-doors.ts";
import type { CodeTrust } from "../sessions/code-trust.ts";
import type {
  InteractiveContext,
  ModelChoice,
  OrchestrationChoice,
  ToolGroup,
} from "../sessions/interactive-context.ts";
import type { ServerPrompts } from "../sessions/server-prompts.ts";
import type { SessionActs } from "../sessions/session-acts.ts";
import type { SessionSpending } from "../sessions/session-spending.ts";
import type { SpendingBook } from "../sessions/spending-ledger.ts";
import type { StateModelNames } from "../sessions/state-models.ts";
import type { UserSettings } from "../sessions/user-settings.ts";
import type { SafeText } from "../terminal/safe-text.ts";
import type { Entry } from "../transcript/entry.ts";
import type { DeskBackground } from "./desk-background.ts";
import type { DeskLook } from "./desk-look.ts";
import type { DeskQuestion } from "./desk-question.ts";

/** One slash command. */
export interface Command extends CompletableCommand {
  /** With its argument, like `/model [provider/model]`. */
  readonly usage: string;
  /** `always`: also beside an answer that is on its way. `idle`: after it. */
  readonly when: "always" | "idle";
  /** Runs the command. A thrown error is shown in the transcript. */
  readonly run: (argument: string) => void | Promise<void>;
}

/** The chat, as commands see it. */
export interface Desk {
  readonly orchestration: string;
  readonly model: string;
  readonly orchestrations: readonly OrchestrationChoice[];
  readonly models: readonly ModelChoice[];
  readonly commands: readonly Command[];
  /** The orchestration that answers; absent until it is loaded. */
  readonly graph: Graph | undefined;
  /** The id of the turn that runs; `undefined` between turns. */
  readonly runningTurn: string | undefined;
  /** The run that is on its way, or the last one. */
  readonly rail: RailState | undefined;
  readonly sessionId: string | undefined;
  /** The conversation as it is kept; absent before its first message. */
  readonly session: Session | undefined;
  /** What runs in this project without a question. */
  readonly grants: Pick<GrantFile, "list" | "remove">;
  /** The absolute path of the folder the user works in. */
  readonly folder: string;
  /** Gives text to the clipboard. `taken` is false when that is not possible, and `note` says why. */
  readonly copy: (text: SafeText) => { readonly taken: boolean; readonly note: SafeText };
  /** The sessions that were last listed, newest first, for completion. */
  readonly knownSessions: readonly SessionSummary[];
  readonly log: Log;
  /** The tools that there are now, by server. */
  readonly toolGroups: () => readonly ToolGroup[];
  /** Tries MCP servers now that failed, or the named one. */
  readonly retryServers: InteractiveContext["retryServers"];
  /** The prompts of MCP servers. */
  readonly serverPrompts: ServerPrompts;
  /** Fetches a file that a provider keeps. */
  readonly fetchFile: InteractiveContext["fetchFile"];
  /** The user's word for the code of the folder. */
  readonly codeTrust: CodeTrust;
  /** Loads the files of what answers again, if they changed; what is wrong is on the screen. Gives whether it can answer. */
  readonly codeChanged: () => Promise<boolean>;
  readonly now: () => number;
  readonly print: (entry: Entry) => void;
  /** Lets something else answer from the next message on. */
  readonly change: (names: { readonly orchestration?: string; readonly model?: string }) => Promise<void>;
  /** The states that have a model of their own, and which. */
  readonly stateModels: StateModelNames;
  /** Lets a state use another model from the next message on; without a model, the one that it had at the start. */
  readonly changeState: (state: string, model: string | undefined) => Promise<void>;
  /** What is done with whole conversations. */
  readonly sessions: SessionActs;
  /** The conversation with all of its turns; `undefined` before its first message. */
  readonly whole: () => Promise<Session | undefined>;
  /** Puts a text into the input. */
  readonly edit: (text: string) => void;
  /** Shows as many turns as come before those that are shown; gives whether there were any. */
  readonly showEarlier: (count: number) => Promise<boolean>;
  /** Gives the present conversation another title. */
  readonly renameSession: (title: string) => Promise<void>;
  readonly listSessions: () => Promise<readonly SessionSummary[]>;
  readonly newSession: () => Promise<void>;
  /** The session id for a part of an id; throws when no session fits. */
  readonly findSession: (named: string) => Promise<string>;
  readonly resumeSession: (id: string) => Promise<void>;
  /** Whether the last turn has no answer, and so stays apart from the conversation. */
  readonly apart: boolean;
  /** Messages and commands that wait for their turn, the next one first. */
  readonly queue: readonly string[];
  /** Lets others wait in their place; `text` goes into the input. */
  readonly requeue: (queue: readonly string[], text?: string) => void;
  /** Tries that turn again. */
  readonly retry: () => Promise<void>;
  readonly background: DeskBackground;
  /** Runs the last turn again from a state on. */
  readonly retryState: (state: string) => Promise<void>;
  /** Drops that turn. */
  readonly undo: () => Promise<void>;
  /**
   * Fills the window with a view, and resolves when it is closed: what runs goes on meanwhile. Gives false where nothing
   * can be drawn, or something else has the terminal.
   */
  readonly show: (view: FullScreenView) => Promise<boolean>;
  /**
   * Opens the view of a run: of the newest turn for an empty name, of the n-th from the end, or of one by a part of its
   * id. Resolves when it is closed.
   */
  readonly openRun: (named: string, start?: RunViewStart) => Promise<void>;
  readonly quit: () => void;
  readonly look: DeskLook;
  /** Asks who sits before the screen; `undefined` when they leave. Only a command that runs while nothing else does may ask. */
  readonly ask: (question: DeskQuestion) => Promise<string | undefined>;
  /** The tool call that ended last. */
  readonly lastCall: EndedCall | undefined;
  /** What the session used in all. */
  readonly spending: SessionSpending;
  /** What the session and its last run used. */
  readonly book: Pick<SpendingBook, "session" | "run">;
  readonly settings: UserSettings;
}

/** Reads `/name argument`; `undefined` for a message. A path like `/etc/hosts` is a message. */
export function parseCommand(text: string): { readonly name: string; readonly argument: string } | undefined {
  const line = text.trim();
  if (!line.startsWith("/") || line.includes("\n")) return undefined;
  const space = line.indexOf(" ");
  const name = space < 0 ? line.slice(1) : line.slice(1, space);
  if (name.includes("/") || name.includes(".")) return undefined;
  return { name, argument: space < 0 ? "" : line.slice(space + 1).trim() };
}
