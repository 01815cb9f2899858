/** Where a state stands in a journal: with which record it began, and how far a fork at it can keep what came after. */

import type { Activation } from "../kernel/activation.ts";
import { hasBackground } from "../kernel/background.ts";
import type { Compiled } from "../kernel/compiled.ts";
import type { Decisions } from "../kernel/decisions.ts";
import { leavesOf } from "../kernel/leaves.ts";
import type { OpenNode } from "../kernel/node.ts";
import { makesRoom } from "../kernel/resting.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { FoldWatch } from "./fold-watch.ts";

/** The place of one state in a journal. Records are named by their index. */
export interface ForkPlace {
  readonly runnable: Compiled;
  /** The record with which it began. */
  readonly began: number;
  /** How many decisions of that record were made while it was opened, about what is inside it. */
  readonly inside: number;
  /** Whether it rested after that record. */
  readonly rests: boolean;
  /** Whether it ended while it was opened, like a fan-out over nothing. */
  readonly endedAtOnce: boolean;
  /** The record with which it ended; `undefined` while it is open. */
  readonly ended: number | undefined;
  /**
   * The first record that would be another one if the state had not run: with which it ended, or something in it
   * wrote to shared state or made room for a branch beside it, or what is around it was stopped. All before it is
   * kept, but for what is inside the state.
   */
  readonly until: number;
}

/** Whether a record is about an activation or about something inside it. */
export function isWithin({ path }: Pick<JournalRecord, "path">, of: string): boolean {
  if (!path.startsWith(of)) return false;
  const next = path[of.length];
  return next === undefined || next === "/" || next === "[";
}

/** Looks for a state while its journal is folded. */
export class ForkPlaceFinder implements FoldWatch {
  readonly #path: string;
  readonly #records: readonly JournalRecord[];
  /** The paths of all states that began. */
  readonly paths: string[] = [];
  #index = 0;
  #recalled = 0;
  #found: Activation | undefined;
  #runnable: Compiled | undefined;
  #began = 0;
  #inside = 0;
  #rests = false;
  /** Whether something beside it was opened with the present record. */
  #hasOpened = false;
  /** Whether what happened beside it ended a wait inside of it with the present record. */
  #hasMet = false;
  #endedAtOnce = false;
  #ended: number | undefined;
  #until: number | undefined;

  constructor(path: string, records: readonly JournalRecord[]) {
    this.#path = path;
    this.#records = records;
  }

  /** The place of the state; `undefined` when there is no such state. */
  get place(): ForkPlace | undefined {
    const runnable = this.#runnable;
    if (runnable === undefined) return undefined;
    return {
      runnable,
      began: this.#began,
      inside: this.#inside,
      rests: this.#rests,
      endedAtOnce: this.#endedAtOnce,
      ended: this.#ended,
      until: Math.max(this.#began + 1, this.#until ?? this.#records.length),
    };
  }

  readonly entering: FoldWatch["entering"] = (activation) => {
    const { path, runnable } = activation;
    // After a retry it goes on.
    if (this.#found === activation) {
      this.#ended = undefined;
      return;
    }
    this.paths.push(path);
    if (!isWithin({ path }, this.#path)) this.#hasOpened = true;
    if (path !== this.#path) return;
    this.#found = activation;
    this.#runnable = runnable;
    this.#began = this.#index;
    // After a retry of what is around it, it may begin anew under its path.
    this.#ended = undefined;
    this.#until = undefined;
    onOpen(activation, (open) => {
      const before = this.#recalled;
      let after: number | undefined;
      // What is opened when it rests is beside it.
      onRest(activation, () => {
        after ??= this.#recalled;
      });
      const ended = open();
      this.#inside = (after ?? this.#recalled) - before;
      this.#endedAtOnce = ended !== undefined;
      return ended;
    });
  };

  readonly decisions: FoldWatch["decisions"] = (recorded): Decisions => ({
    ...recorded,
    recall: () => {
      const decision = recorded.recall();
      if (decision !== undefined) this.#recalled += 1;
      return decision;
    },
    recallMark: (key) => {
      const mark = recorded.recallMark(key);
      if (typeof mark === "object") this.#recalled += 1;
      return mark;
    },
    recallMet: (path) => {
      const decision = recorded.recallMet(path);
      if (typeof decision === "object") this.#recalled += 1;
      return decision;
    },
  });

  readonly met = ({ path }: Activation): void => {
    if (isWithin({ path }, this.#path)) this.#hasMet = true;
  };

  readonly after: FoldWatch["after"] = (details) => {
    const index = this.#index++;
    const hasOpened = this.#hasOpened;
    const hasMet = this.#hasMet;
    this.#hasOpened = false;
    this.#hasMet = false;
    const found = this.#found;
    if (found === undefined || this.#ended !== undefined) return;
    if (found.over) this.#ended = index;
    // A wait may end with the record with which it starts.
    if (found.over && index === this.#began) this.#endedAtOnce = true;
    else if (index === this.#began) this.#rests = restsNow(found);
    const isStopped = found.over || found.parent?.reason !== undefined;
    const isInside = index > this.#began && isWithin(this.#records[index]!, this.#path);
    if (
      isStopped ||
      (hasMet && index > this.#began) ||
      (isInside && (hasOpened || details.w !== undefined || this.#changesRoom(found)))
    ) {
      this.#until ??= index;
    }
  };

  /** Whether it rests now and did not, or the other way round, where a branch beside it may be opened for that. */
  #changesRoom(found: Activation): boolean {
    return makesRoom(found) && restsNow(found) !== this.#rests;
  }
}

/** Whether everything in an open activation rests. */
function restsNow(activation: Activation): boolean {
  for (const { attached } of leavesOf(activation)) if (attached?.rests !== true) return false;
  return true;
}

/** Whether a fan-out is around an activation. */
export function isInFan({ parent }: Activation): boolean {
  for (let at = parent; at !== undefined; at = at.parent) {
    if (isFanOut(at)) return true;
  }
  return false;
}

/** Whether it has places, and is no machine with a background. */
function isFanOut({ node }: Activation): boolean {
  return (node as OpenNode).places !== undefined && !hasBackground(node);
}

/** Calls `told` before the fan-out around an activation is told that it, or another branch, rests. */
export function onRest({ parent }: Activation, told: () => void): void {
  for (let at = parent; at !== undefined; at = at.parent) {
    const { runnable } = at;
    const node = runnable.node as OpenNode;
    const { places } = node;
    if (places === undefined || !isFanOut(at)) continue;
    const rested: typeof places.rested = (fan, sink) => {
      told();
      places.rested(fan, sink);
    };
    const heard = { ...runnable, node: { ...node, places: { ...places, rested } } };
    Object.assign(at, { runnable: heard, node: heard.node });
    return;
  }
}

/** Puts a function around the opening of an activation that is about to start, if it is one that is opened. */
export function onOpen(
  activation: Activation,
  around: (open: () => ReturnType<OpenNode["open"]>) => ReturnType<OpenNode["open"]>,
): void {
  const { runnable } = activation;
  const { node } = runnable;
  if (node?.open === undefined) return;
  const open: OpenNode["open"] = (opened, sink) => around(() => node.open(opened, sink));
  const opening = { ...node, open };
  Object.assign(activation, { runnable: { ...runnable, node: opening }, node: opening });
}
