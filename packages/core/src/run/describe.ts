/** A description of a run at one moment, as plain data. */

import type { Activation } from "../kernel/activation.ts";
import { leavesOf } from "../kernel/leaves.ts";
import { machineOf } from "../kernel/machine-frame.ts";
import type { RunState } from "../kernel/transition.ts";
import { given } from "../platform/given.ts";
import type { Census } from "../words/census.ts";
import type { StateKind } from "../words/events.ts";
import type { StateWait } from "../words/signal-events.ts";
import type { QueuedState } from "./gate-place.ts";
import type { OpenQuestion } from "./questions.ts";
import type { RunStatus } from "./run.ts";

/** An operation that is open now. */
export interface OpenState {
  readonly path: string;
  readonly state: string;
  readonly kind: StateKind;
  readonly visit: number;
  /** The attempt under way, from 1. */
  readonly attempt: number;
  /** What it waits for, where it is queued at a gate in this process, or everything is that it waits for. */
  readonly queued?: QueuedState;
}

/** What an open state waits for in its run. */
export interface OpenWait extends StateWait {
  readonly path: string;
  readonly state: string;
  /** When it waits no more, in milliseconds since the epoch; absent where it has no timeout, or has not begun. */
  readonly due?: number;
}

/** Where a run is. */
export interface RunDescription {
  readonly runId: string;
  readonly orchestration: string;
  readonly status: RunStatus;
  /** How often each state of the outermost machine was entered. */
  readonly visits: { readonly [state: string]: number };
  /** How many edges the outermost machine has taken. */
  readonly steps: number;
  /** The activations that are open now. */
  readonly open: readonly OpenState[];
  readonly questions: readonly OpenQuestion[];
  /** What states wait for in the run, in the order in which they began; absent when none does. */
  readonly waits?: readonly OpenWait[];
  /** Why nothing of it can be written now, where it is paused. */
  readonly paused?: { readonly reason: string };
  /** Tokens and US dollars counted so far, over the whole run. */
  readonly spent: { readonly tokens: number; readonly cost: number };
  /** The fan-outs that ended with branches that failed or did not end, at most the last 20; absent when there are none. */
  readonly census?: readonly Census[];
}

/** Describes a run. */
export function describeRun(
  runId: string,
  run: RunState,
  status: RunStatus,
  questions: readonly OpenQuestion[],
  queuedAt?: (leaf: Activation) => QueuedState | undefined,
): RunDescription {
  const { root, ended } = run;
  const frame = machineOf(root);
  const visits: { [state: string]: number } = {};
  for (const { id, index } of frame?.definition.states ?? []) {
    const count = frame!.visits[index]!;
    if (count > 0) visits[id] = count;
  }
  return {
    runId,
    orchestration: root.runnable.id,
    status,
    visits,
    steps: frame?.steps ?? 0,
    open:
      ended === undefined && root.frame !== undefined
        ? [...leavesOf(root)].map((leaf) => openState(leaf, queuedAt?.(leaf)))
        : [],
    questions,
    spent: { tokens: 0, cost: 0, ...frame?.spent },
    ...given({ census: root.attached?.censuses, waits: root.attached?.mailbox?.waits() }),
  };
}

function openState(
  { path, runnable, node, visit, attempt }: Activation,
  queued: QueuedState | undefined,
): OpenState {
  const kind = node?.kind ?? "runnable";
  return { path, state: runnable.id, kind, visit, attempt, ...(queued === undefined ? {} : { queued }) };
}
