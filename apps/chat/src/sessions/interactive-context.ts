/** What the screen needs of the program around it. Everything slow is a function, so that the first paint waits for nothing. */
import type { FilePart } from "@orch/agents";
import type { InboxPolicy, RuntimeConfiguration, SessionStore } from "@orch/chat-runtime";
import type { Clock, Random } from "@orch/core";
import type { JournalRecord } from "@orch/core/host";
import type { Log } from "../log/log.ts";
import type { JobControl } from "../process/job-control.ts";
import type { Programs } from "../process/programs.ts";
import type { ThemeName } from "../terminal/theme.ts";
import type { CodeTrust } from "./code-trust.ts";
import type { KeptHost } from "./kept-host.ts";
import type { ServerPrompts } from "./server-prompts.ts";
import type { StateModelNames } from "./state-models.ts";
import type { UserSettings } from "./user-settings.ts";

/** An orchestration that can be chosen. */
export interface OrchestrationChoice {
  readonly name: string;
  readonly description?: string;
}

/** A model that can be chosen. */
export interface ModelChoice {
  /** As `provider/model`. */
  readonly id: string;
  /** An honest description of the model, like `quotes your files; not a language model`. */
  readonly description?: string;
}

/** A group of tools: those of the program, or those of a server. */
export interface ToolGroup {
  readonly name: string;
  /** Like `built in`, `ready`, `failed`. */
  readonly state: string;
  readonly problem?: string;
  /** When it is tried again, in milliseconds since the epoch. */
  readonly retryAt?: number;
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    /** Whether a person is asked before a call. */
    readonly asks: "never" | "always" | "sometimes";
  }[];
}

/** Told what happens to a conversation on its way to a model. */
export interface ContextListener {
  /** Only so many messages are sent as they are. */
  readonly shortened: (messages: number) => void;
  readonly warned: (warning: string) => void;
}

/** Why something of one's own is made again: its files, or the tools of servers that it was given. */
export type CodeChange = "files" | "tools";

/** Which session to begin with: `last` is the newest of this folder. */
export type SessionChoice =
  | { readonly type: "new" }
  | { readonly type: "last" }
  | { readonly type: "id"; readonly id: string };

/** The program, as the screen sees it. */
export interface InteractiveContext {
  readonly version: string;
  /** The absolute path of the folder the user works in; also the project of the input's history. */
  readonly folder: string;
  /** Where the input's history is kept. It may not exist yet. */
  readonly stateFolder: string;
  /** Whether what is typed may be written to a file; not so with `--no-session`. */
  readonly keeps: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Hands what others in the process write to `take`, until the way back is called. */
  readonly divert: (take: (text: string) => void) => () => void;
  /** Calls `fire` before a failure that nobody waits for ends the process; gives the way to stop listening. */
  readonly onCrash: (fire: () => void) => () => void;
  /** What the program writes down about itself. */
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** The orchestration at the start, by name. */
  readonly orchestration: string;
  readonly model: string;
  readonly orchestrations: readonly OrchestrationChoice[];
  /** The models that are known by name; others may be typed. */
  readonly models: readonly ModelChoice[];
  /**
   * Makes the configuration that answers from the next message on. It loads modules on demand, like a provider's SDK.
   *
   * @throws an OrchError with a way out: an unknown orchestration or provider, a missing key.
   */
  readonly compose: (
    choice: { readonly orchestration: string; readonly model: string; readonly states: StateModelNames },
    listener: ContextListener,
  ) => Promise<RuntimeConfiguration>;
  /**
   * What changed of an orchestration of one's own since it was made, or that it could not be made; `undefined` for a
   * bundled one.
   */
  readonly changed: (orchestration: string) => Promise<CodeChange | undefined> | undefined;
  /** Whether an orchestration asks for the model that was chosen. One of one's own has to be composed before that is known. */
  readonly usesModel: (orchestration: string) => boolean;
  /**
   * How to get a language model, said once: where none is configured, and what answers asks for one and has the model that
   * needs no key.
   */
  readonly modelHint: (names: {
    readonly orchestration: string;
    readonly model: string;
  }) => string | undefined;
  /** The models that the configuration names for states of an orchestration. */
  readonly stateModels: (orchestration: string) => StateModelNames;
  /**
   * Calls `changed` when files of an orchestration of one's own were written; gives the way to stop. Of a bundled one it
   * is never called.
   */
  readonly watch: (orchestration: string, changed: () => void) => () => void;
  /** Tokens that a model reads at most, where that is known; models that were not composed yet are not. */
  readonly contextWindow: (model: string) => number | undefined;
  /** Estimated tokens of a conversation that are sent to a model at most; `undefined` where it is sent whole. */
  readonly tokensSent: (model: string) => number | undefined;
  /** What the row of a state says of its output, in the words of an orchestration of one's own; `undefined` where it has none. */
  readonly summarize: (orchestration: string, state: string, output: unknown) => string | undefined;
  /** Opens where sessions live; called once, after the first paint. The screen closes it. */
  readonly openSessions: () => Promise<SessionStore>;
  /** Opens where the runs live that answer; called once, after the sessions. The screen closes it. */
  readonly openHost: () => Promise<KeptHost>;
  /** Lines about the files that a message names, for what answers by these names. */
  readonly attached: (
    text: string,
    names: { readonly orchestration: string; readonly model: string },
  ) => Promise<readonly string[]>;
  /** The journal of a run, read anew; `undefined` where there is none. */
  readonly readRecords: (runId: string) => Promise<readonly JournalRecord[] | undefined>;
  readonly session: SessionChoice;
  /** What was named for this start alone, on the command line, and so is not taken from an earlier conversation. */
  readonly named: { readonly orchestration: boolean; readonly model: boolean };
  /** What becomes of a message while another one is answered. */
  readonly inbox: InboxPolicy;
  /** Sent as the first message. */
  readonly message?: string;
  readonly codeTrust: CodeTrust;
  /**
   * Tries MCP servers now that failed, or the named one; gives which, and `undefined` where there is no server of that name.
   */
  readonly retryServers: (named?: string) => readonly string[] | undefined;
  /** The tools that there are now. */
  readonly toolGroups: () => readonly ToolGroup[];
  /** The prompts of MCP servers. */
  readonly serverPrompts: ServerPrompts;
  /** Fetches a file that a provider keeps: its bytes, and the name that it has there. */
  readonly fetchFile: (
    part: FilePart,
  ) => Promise<{ readonly data: Uint8Array<ArrayBuffer>; readonly name: string }>;
  /** Calls `tell` for each line that comes up later, like a server that failed. */
  readonly onNotice: (tell: (says: string, tone?: "warning" | "done") => void) => void;
  /** Lines to show under the welcome: warnings of the configuration, a missing key. */
  readonly notices: readonly string[];
  /** How colours and glyphs are chosen where the environment does not say. */
  readonly theme?: ThemeName;
  readonly glyphs?: "unicode" | "ascii";
  /** Whether somebody listens in place of seeing: lines are appended, and nothing is drawn. */
  readonly screenReader: boolean;
  /** Whether the input begins with vim keys. */
  readonly vim?: boolean;
  /** When the user is told of a question or an end, and how. */
  readonly notify?: {
    readonly after?: number | undefined;
    readonly via?: "bell" | "osc9" | "off" | undefined;
  };
  readonly settings: UserSettings;
  /** How the shell stops the program and lets it go on. */
  readonly job: JobControl;
  readonly programs: Programs;
  /** The files that a message may name, relative to the folder. */
  readonly files: () => Promise<readonly string[]>;
  /** Calls `stop` for each interrupt from outside (SIGINT); gives the way to stop listening. */
  readonly onInterrupt: (stop: () => void) => () => void;
  /**
   * Calls `end` when the program is to end (SIGTERM) or its terminal is gone (SIGHUP), with the exit code; gives the way to
   * stop listening.
   */
  readonly onEnd: (end: (code: number) => void) => () => void;
}
