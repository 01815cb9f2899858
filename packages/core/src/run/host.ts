/** The client's side of a host: what `start({ host })` takes, and what a run is read by. */
import type { OrchestrationEvent } from "../words/events.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { AnySignalKind, SignalOptions } from "../words/signal.ts";
import type { RunDescription } from "./describe.ts";
import type { Ending } from "./pump.ts";
import type { OpenQuestion } from "./questions.ts";
import type { RunOptions, RunStatus } from "./run.ts";

/** A run that is to be opened, and who hears of it. */
export interface RunSpec {
  readonly runnable: AnyRunnable;
  readonly input: unknown;
  readonly options: RunOptions;
  /** Takes the run's events. Absent when no listener hears them. */
  readonly write: ((event: OrchestrationEvent) => void) | undefined;
}

/** Kept events of a run. */
export interface Story {
  readonly events: readonly OrchestrationEvent[];
  /** The number of the last event that it could have told. */
  readonly until: number;
}

/** The kept events of a run, for readers who come late or read slowly. */
export interface History {
  /** The number of the last event before this process took the run up; 0 for a new run. */
  readonly until: number;
  /** Reads the kept events from number `from` to number `to`; it may give more. */
  readonly load: (from: number, to: number) => Promise<Story>;
}

/** Where a run is that has not ended. */
export type RunStage = Extract<RunStatus, "running" | "queued" | "waiting" | "paused">;

/** A run in the hands of its host. `Run` reads and steers it by this. */
export interface RunHandle {
  readonly id: string;
  /** Begins, and tells in the end how the run ended. */
  readonly start: (ending: Ending) => void;
  readonly cancel: (reason: string) => void;
  readonly answer: (id: string, value: unknown) => Promise<void>;
  readonly signal: (kind: AnySignalKind, value: unknown, options?: SignalOptions) => Promise<void>;
  readonly questions: () => readonly OpenQuestion[];
  /** Whether the run works, or what it waits for. Asked only of a run that has not ended. */
  readonly stage: () => RunStage;
  readonly describe: (status: RunStatus) => RunDescription;
  /** Given the output, gives one that tells the host when somebody begins to wait for it. Absent where that is of no use. */
  readonly awaited?: <TOutput>(output: Promise<TOutput>) => Promise<TOutput>;
  /** Stops driving, and leaves the run where it is kept. Absent where it is not kept. */
  readonly suspend?: (() => Promise<void>) | undefined;
  /** The kept events of the run; absent where it is not kept. */
  readonly history?: History | undefined;
}

/** Where runs live: the memory of this process unless another host is given. */
export interface Host {
  readonly capabilities: Capabilities;
  /** Makes a run ready. It begins with the handle's `start`. */
  readonly open: (spec: RunSpec) => RunHandle;
}

/** What a host can do, for users who choose one and for the suite that tests it. */
export interface Capabilities {
  /** Whether a run outlives the process that started it. */
  readonly keeps: boolean;
  /** How a run continues after its process ended: never, when it is resumed, or automatically. */
  readonly failover: "none" | "resume" | "itself";
  /** Whether a condition that was asked is asked again when a run is made again. */
  readonly decisions: "recalled" | "asked again";
  /** When a value of `ctx.once` is kept. */
  readonly once: "at once" | "with the attempt";
  /** Whether `ctx.emit` is heard while the attempt goes on, or when it ends. */
  readonly liveOutput: boolean;
  /** Whether a run may ask a person what to do about a terminal error (`onTerminal`). Default: a definition that does is refused. */
  readonly circuit?: boolean;
  /** Whether states may add items to a fan-out while it runs (`items`). Default: a definition that does is refused. */
  readonly items?: boolean;
  /** Where attempts are performed: in the process that drives the run, or in any that has the definition. */
  readonly steps: "here" | "anywhere";
}
