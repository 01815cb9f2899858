/** Where a state stands in a journal: with which record it began, and how far a fork at it can keep what came after. */

import type { Activation } from "../kernel/activation.ts";
import type { Compiled } from "../kernel/compiled.ts";
import type { Decisions } from "../kernel/decisions.ts";
import type { OpenNode } from "../kernel/node.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { FoldWatch } from "./fold-watch.ts";
import type { RecordDetails } from "./record-codec.ts";

/** The place of one state in a journal. Records are named by their index. */
export interface ForkPlace {
  readonly runnable: Compiled;
  /** The record with which it began. */
  readonly began: number;
  /** How many decisions of that record were made while it was opened, about what is inside it. */
  readonly inside: number;
  /** Whether it ended while it was opened, like a fan-out over nothing. */
  readonly endedAtOnce: boolean;
  /** The record with which it ended; `undefined` while it is open. */
  readonly ended: number | undefined;
  /**
   * The first record that would be another one if the state had not run: with which it ended, or something in it
   * wrote to shared state, or what is around it was stopped. All before it is kept, but for what is inside the state.
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
    if (path !== this.#path) return;
    this.#found = activation;
    this.#runnable = runnable;
    this.#began = this.#index;
    onOpen(activation, (open) => {
      const before = this.#recalled;
      const ended = open();
      this.#inside = this.#recalled - before;
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
  });

  readonly after: FoldWatch["after"] = (details) => {
    const index = this.#index++;
    const found = this.#found;
    if (found === undefined || this.#ended !== undefined) return;
    if (found.over) this.#ended = index;
    if (found.over || found.parent?.reason !== undefined || this.#wrote(index, details))
      this.#until ??= index;
  };

  /** Whether something inside the state wrote to shared state with this record. */
  #wrote(index: number, { w }: RecordDetails): boolean {
    const record = this.#records[index]!;
    return w !== undefined && record.type === "committed" && isWithin(record, this.#path);
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
  (activation as { runnable: Compiled }).runnable = { ...runnable, node: { ...node, open } };
}
