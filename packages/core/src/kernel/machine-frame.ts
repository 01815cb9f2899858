import type { Activation, Ended, Frame } from "./activation.ts";
import type { CircuitNode } from "./circuit.ts";
import type { Definition, StateRecord } from "./definition.ts";
import type { OpenNode } from "./node.ts";

/** An orchestration. */
export interface MachineNode extends OpenNode {
  readonly definition: Definition;
  /** What a run of it does about terminal errors. */
  readonly circuit?: CircuitNode;
}

/** How far a machine is. */
export interface MachineFrame extends Frame {
  readonly machine: Activation;
  readonly definition: Definition;
  /** By state number. */
  readonly visits: number[];
  steps: number;
  current: StateRecord;
  child: Activation | undefined;
  /** How the child ended while the machine was being stopped, so that no edge was asked. A retry asks them. */
  undecided: Ended | undefined;
  /** The states visited last, kept only when the limit is near. */
  last: string[] | undefined;
  /** How often the current state was entered again because no advancer took its output. */
  reruns: number;
  /** Tokens and money spent in it, counted only where there is a budget. */
  spent: Spent | undefined;
}

/** A machine that enters its first state. A function, so that all frames have one shape. */
export function machineFrame(
  machine: Activation,
  definition: Definition,
  visits: number[],
  current: StateRecord,
  child: Activation | undefined,
): MachineFrame {
  return {
    machine,
    definition,
    visits,
    steps: 0,
    current,
    child,
    undecided: undefined,
    last: undefined,
    reruns: 0,
    spent: undefined,
    closing: undefined,
  };
}

/** Tokens and money. */
export interface Spent {
  tokens: number;
  cost: number;
}

/** How far the machine is that this activation is one visit of; `undefined` for any other. */
export function machineOf(activation: Activation | undefined): MachineFrame | undefined {
  return activation?.node?.kind === "orchestration"
    ? (activation.frame as MachineFrame | undefined)
    : undefined;
}
