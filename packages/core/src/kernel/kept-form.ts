/**
 * The form of a definition that is kept once for all of its runs: everything that reading a journal needs, as plain data.
 * Functions are only marked as present, because their results stand in the journal.
 */

import { given } from "../platform/given.ts";
import type { CircuitAct } from "../words/circuit.ts";
import type { StateKind } from "../words/events.ts";
import type { GraphInside } from "../words/graph.ts";
import type { Budget } from "../words/limits.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { type JsonSchema, jsonSchemaOf } from "../words/schema.ts";
import type { Edge } from "./definition.ts";
import type { FanNode } from "./fan-frame.ts";
import type { MachineNode } from "./machine-frame.ts";
import { type CompositeNode, nodeOf, type WaitNode, type WaitRule } from "./node.ts";

/** A runnable, as it is kept. */
export interface KeptForm {
  readonly id: string;
  readonly kind: StateKind;
  readonly maxVisits?: number;
  readonly rerun?: number;
  /** Whether it is made on the way. */
  readonly made?: true;
  /** What a wait waits for. */
  readonly awaits?: KeptWait;
  /** Of a question: whether its output has its input too. */
  readonly keepsInput?: true;
  readonly fan?: KeptFan;
  /** Whose results it collects. */
  readonly collects?: string;
  readonly machine?: KeptMachine;
}

/** What a wait waits for. */
export interface KeptWait {
  /** The kind of signal. */
  readonly signal?: string;
  /** What the value of a signal has to look like. */
  readonly schema?: JsonSchema;
  readonly when?: true;
  readonly timeout?: number;
}

/** The inside of a fan-out. */
export interface KeptFan {
  readonly branches: readonly KeptForm[];
  readonly keys?: readonly string[];
  /** The numbers of the branches that have a condition. */
  readonly when?: readonly number[];
  /** Absent where all branches may run at once. */
  readonly concurrency?: number;
  readonly settled?: true;
  readonly first?: number;
  /** Whether a race over a list gives its one result, and not a list of one. */
  readonly bare?: true;
  /** Whether a function says when it has enough. */
  readonly enough?: true;
  /** Whether items are added to it while it runs. */
  readonly grows?: true;
  readonly rest?: "background";
  /** Whether the last branch takes the results of the others. */
  readonly follows?: true;
}

/** The inside of an orchestration. */
export interface KeptMachine {
  readonly states: readonly KeptForm[];
  readonly start: number;
  readonly finishes: readonly number[];
  readonly edges: readonly KeptEdge[];
  /** Absent where it is `Infinity`. */
  readonly maxSteps?: number;
  readonly deadline?: number;
  readonly budget?: Budget;
  /** The choices of its circuit, by their names; absent where it has none. */
  readonly choices?: { readonly [choice: string]: CircuitAct };
}

/** One edge, in the order in which the edges of a state are asked. */
export interface KeptEdge {
  readonly from: number;
  readonly targets: readonly number[];
  readonly cause: Edge["cause"];
  readonly label?: string;
  readonly when?: true;
  readonly convert?: true;
  /** The dossier that it adds to. */
  readonly adds?: string;
}

/** The form of a runnable that is to be kept. */
export function keptForm(runnable: AnyRunnable): KeptForm {
  const { id, maxVisits, rerun } = runnable;
  const node = nodeOf(runnable);
  const base = {
    id,
    kind: node?.kind ?? "runnable",
    ...given({ maxVisits, rerun: rerun?.attempts }),
  } as const;
  if (node === undefined) return base;
  if ((node as WaitNode).question?.output !== undefined) return { ...base, keepsInput: true };
  if (node.kind === "choose") return { ...base, ...choiceForm(node) };
  if (node.kind === "orchestration") return { ...base, machine: machineForm(node as MachineNode) };
  const { collects } = insideOf(node);
  if (collects !== undefined) return { ...base, collects };
  const { awaits } = node as WaitNode;
  if (awaits !== undefined) return { ...base, awaits: awaitsForm(awaits) };
  return node.branches === undefined ? base : { ...base, fan: fanForm(node as FanNode) };
}

/** The candidates of a choice, each under its name. */
function choiceForm({ candidates }: CompositeNode): { readonly fan?: KeptFan } {
  if (candidates === undefined) return {};
  const branches = [...candidates].map(
    ([id, runnable]): KeptForm =>
      runnable === undefined ? { id, kind: "runnable", made: true } : { ...keptForm(runnable), id },
  );
  return { fan: { branches } };
}

function awaitsForm({ signal, when, timeout }: WaitRule): KeptWait {
  const schema = signal && jsonSchemaOf(signal.schema);
  return {
    ...given({ signal: signal?.name, schema, timeout }),
    ...(when === undefined ? {} : { when: true }),
  };
}

function fanForm(node: FanNode): KeptFan {
  const { branches, keys, when = [], concurrency, follows } = node;
  const { settled, first, bare, enough, grows, rest } = insideOf(node);
  const conditional = when.flatMap((condition, slot) => (condition === undefined ? [] : [slot]));
  return {
    branches: branches.map(keptForm),
    ...given({
      keys,
      settled,
      first,
      bare,
      enough,
      grows,
      rest,
      follows: follows === true ? follows : undefined,
    }),
    ...(conditional.length > 0 ? { when: conditional } : {}),
    ...(Number.isFinite(concurrency) ? { concurrency } : {}),
  };
}

function machineForm({ definition, circuit }: MachineNode): KeptMachine {
  const { states, start, maxSteps, deadline, budget } = definition;
  const edges = states.flatMap(({ index, advancers, catches }) =>
    [...advancers, ...catches].map(
      ({ targets, cause, label, when, convert, add }): KeptEdge => ({
        from: index,
        targets,
        cause,
        ...given({ label }),
        ...(when === undefined ? {} : { when: true }),
        ...(convert === undefined ? {} : { convert: true }),
        ...given({ adds: add?.dossier }),
      }),
    ),
  );
  return {
    states: states.map(
      ({ id, maker, runnable }): KeptForm =>
        maker === undefined ? keptForm(runnable.source) : { id, kind: "runnable", made: true },
    ),
    start,
    finishes: states.filter(({ finishes }) => finishes).map(({ index }) => index),
    edges,
    ...(Number.isFinite(maxSteps) ? { maxSteps } : {}),
    ...given({ deadline, budget, choices: circuit?.choices }),
  };
}

function insideOf(
  node: CompositeNode,
): Pick<GraphInside, "settled" | "first" | "bare" | "enough" | "grows" | "rest" | "collects"> {
  return node.inside?.() ?? {};
}
