/** A machine as one text: the run in it as snapshots of journals have it, and what attempts and waits know besides. */
import type { Codec } from "../durable/codec.ts";
import type { Folded } from "../durable/folded.ts";
import { type Json, readJson } from "../durable/json.ts";
import { restoredRun } from "../durable/restored-run.ts";
import { readSnapshot, snapshotText, sumOf } from "../durable/snapshot.ts";
import { snapshotForm } from "../durable/snapshot-form.ts";
import { type AnyOrchestration, versionOf } from "../durable/version-of.ts";
import type { Activation } from "../kernel/activation.ts";
import { leavesOf } from "../kernel/leaves.ts";
import { QuestionEnds } from "../run/question-ends.ts";
import type { WaitsForm } from "./machine-waits.ts";
import type { AttemptsForm } from "./open-attempts.ts";

/** What a machine knows besides its run. */
interface MachineForm {
  /** The time of the run, in milliseconds since the epoch. */
  readonly now: number;
  /** How many arrivals were taken. */
  readonly count: number;
  /** The part of the last event. */
  readonly part: number;
  readonly attempts: AttemptsForm;
  readonly waits: WaitsForm;
}

/** A machine as it was read from its text. */
export interface MachineSnapshot {
  readonly folded: Folded;
  readonly form: MachineForm;
}

/** The text of a machine; `undefined` where its run has no form. */
export function machineText(
  {
    run: { run, timers, events },
    ...form
  }: MachineForm & {
    readonly run: Pick<Folded, "run" | "timers" | "events">;
  },
  runnable: AnyOrchestration,
  codec: Codec,
): string | undefined {
  const open = new Map(inOrder(run.root).map((operation) => [operation.path, operation]));
  const rest = { halted: [], held: new Set<Activation>(), limit: 0, failedAt: undefined };
  const folded = { run, open, timers, events, questions: new QuestionEnds(), ...rest };
  const made = snapshotForm(folded, codec);
  if (made === undefined) return undefined;
  const own = JSON.stringify(form);
  const text = snapshotText({ form: made, records: form.count, last: sumOf(own) }, versionOf(runnable));
  return `${own}\n${text}`;
}

/** What is open in a run. Those that wait for signals are last, in the order in which they began, which decides who takes one. */
function inOrder(root: Activation): readonly Activation[] {
  const waiting = root.attached?.mailbox?.waiting ?? [];
  return [...[...leavesOf(root)].filter((leaf) => !waiting.includes(leaf)), ...waiting];
}

/** Reads a text; `undefined` when it is damaged, or of another format or definition. */
export function readMachine(
  text: string,
  runnable: AnyOrchestration,
  codec: Codec,
): MachineSnapshot | undefined {
  const place = text.indexOf("\n");
  const own = text.slice(0, place);
  const found = readSnapshot(text.slice(place + 1), versionOf(runnable));
  if (found === undefined || found.last !== sumOf(own)) return undefined;
  const form = readJson(own) as Json as unknown as MachineForm;
  return { folded: restoredRun(found.form, runnable, codec), form };
}
