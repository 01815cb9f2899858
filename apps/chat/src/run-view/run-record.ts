/** What a run did, step by step, with everything that was said, given and asked: plain data, made from its events. */
import type {
  AdvancerVerdict,
  DossierAdded,
  EventError,
  StateKind,
  StateTransition,
  StateWait,
} from "@orch/core";
import type { RailStatus } from "../rail/rail-entry.ts";

/** What every step has. */
interface StepBase {
  /** Tells it from every other step of the run. */
  readonly key: string;
  /** Milliseconds since the epoch; 0 where nobody knows. */
  readonly time: number;
}

/** An attempt that failed and was followed by another one. */
export interface FailedAttempt {
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly delay: number;
  readonly error: EventError;
}

/** One visit of a state. */
export interface StateStep extends StepBase {
  readonly type: "state";
  readonly path: string;
  readonly state: string;
  readonly kind: StateKind;
  readonly visit: number;
  /** The key of the branch, for a lane of a fan-out; a number from 0 for a list. */
  readonly lane?: string;
  /** It takes the result of the branch of its lane. */
  readonly follows?: true;
  readonly status: RailStatus;
  /** What it waited for in its run. */
  readonly wait?: StateWait;
  readonly input: unknown;
  /** Absent until it completed. */
  readonly output?: { readonly value: unknown };
  readonly error?: EventError;
  /** In milliseconds; absent until it ended. */
  readonly duration?: number;
  readonly attempts: readonly FailedAttempt[];
  /** Read and written, everything inside included. */
  readonly tokens: number;
  /** Set where some of them are estimated. */
  readonly isEstimated?: true;
  /** In US dollars, as far as prices are known. */
  readonly cost: number;
  /** The models that answered here. */
  readonly models: readonly string[];
  /** All that it said, as it was said; only where this process heard it. */
  readonly text: string;
  readonly inside: readonly RunStep[];
}

/** A move of the machine: why it went where it went. */
export interface MoveStep extends StepBase {
  readonly type: "move";
  readonly from: string;
  readonly to: string;
  readonly cause: StateTransition["cause"];
  readonly advancers: readonly AdvancerVerdict[];
  readonly error?: EventError;
  /** What its edge added to a dossier. */
  readonly added?: DossierAdded;
}

/** A tool call of an agent. */
export interface CallStep extends StepBase {
  readonly type: "call";
  readonly name: string;
  /** As the model gave them. */
  readonly input: unknown;
  readonly status: RailStatus;
  /** What the model was told; absent until it ended. */
  readonly result?: string;
  /** In milliseconds. */
  readonly duration?: number;
  /** What an agent that is a tool did. */
  readonly inside: readonly RunStep[];
}

/** A question to a person. */
export interface QuestionStep extends StepBase {
  readonly type: "question";
  readonly id: string;
  readonly prompt: unknown;
  readonly schema?: unknown;
  readonly status: RailStatus;
  readonly answer?: { readonly value: unknown };
}

/** A branch that did not run, because its condition did not hold. */
export interface SkipStep extends StepBase {
  readonly type: "skip";
  readonly state: string;
  readonly lane?: string;
}

/** Something about the whole run: a retry of it, or events that are lost. */
export interface NoteStep extends StepBase {
  readonly type: "note";
  readonly text: string;
}

/** One thing that happened in a run. */
export type RunStep = StateStep | MoveStep | CallStep | QuestionStep | SkipStep | NoteStep;

/** A run. */
export interface RunRecord {
  /** Empty before its first event. */
  readonly runId: string;
  readonly orchestration: string;
  readonly status: RailStatus | "idle";
  readonly input: unknown;
  readonly output?: { readonly value: unknown };
  readonly error?: EventError;
  /** Why it was cancelled. */
  readonly reason?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** In milliseconds, without the time from a failure to its retry; absent until the end. */
  readonly duration?: number;
  readonly tokens: number;
  /** Set where some of them are estimated. */
  readonly isEstimated?: true;
  readonly cost: number;
  /** Calls whose price nobody knows. */
  readonly unpriced: number;
  readonly steps: readonly RunStep[];
  /** Questions that wait for an answer. */
  readonly waiting: number;
}

/** A run before its first event. */
export const IDLE_RUN: Omit<RunRecord, "steps" | "waiting"> = {
  runId: "",
  orchestration: "",
  status: "idle",
  input: undefined,
  startedAt: 0,
  tokens: 0,
  cost: 0,
  unpriced: 0,
};
