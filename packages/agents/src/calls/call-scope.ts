/** What tool calls need of the run around them. */
import type { Clock } from "@orch/core";
import type { Agent } from "../agent/agent.ts";
import type { Tool, ToolOutput, ToolQuestion } from "../agent/tool.ts";
import type { Deadlines } from "../platform/deadlines.ts";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import type { Queue } from "../platform/queue.ts";
import type { EmitEvent } from "../words/events.ts";
import type { PendingCall } from "../words/result.ts";
import type { Answers } from "./answers.ts";
import type { Approver } from "./approval.ts";
import type { RunOnce } from "./remember.ts";

/** Asks a person what a tool wants to know in the middle of its call. `place` names the call within the run. */
export type ToolAsk = (
  question: ToolQuestion<unknown>,
  call: PendingCall,
  signal: AbortSignal,
  place: string,
) => unknown;

/** The limits of the calls of a run, made with its first call. */
export interface OwnDeadlines {
  made: Deadlines | undefined;
}

/** A run, as its tool calls see it. */
export interface CallScope {
  /** The agent that answers now. */
  readonly agent: Agent<unknown>;
  /** The agent the run began with. */
  readonly first: Agent<unknown>;
  readonly toolsByName: ReadonlyMap<string, Tool>;
  readonly conversation: { readonly turn: number };
  readonly approver: Approver;
  readonly answers: Answers | undefined;
  /** Runs the calls of deferred tools; without it they wait. */
  readonly execute:
    | ((call: PendingCall, signal: AbortSignal, place: string) => ToolOutput | Promise<ToolOutput>)
    | undefined;
  /** Handed to tools and guardrails as it is. */
  readonly context: unknown;
  readonly once: RunOnce | undefined;
  /** Names the calls of this run: empty, or the place of the call that this run is, with a slash. */
  readonly place: string;
  /** Asks a person what a tool wants to know; without it tools cannot ask. */
  readonly onQuestion: ToolAsk | undefined;
  readonly questions: Queue;
  /** Links the signals of inner work to the run, so that cancelling the run cancels them. */
  readonly link: LinkedAbort;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The limits of the calls of this run. */
  readonly deadlines: OwnDeadlines;
  readonly emit: EmitEvent;
}
