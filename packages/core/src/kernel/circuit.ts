/**
 * The circuit of a run: a terminal error opens it instead of failing its state. While it is open nothing begins, and one
 * question waits for a person, however many operations met the error.
 */
import { CancelledError } from "../errors/cancelled-error.ts";
import type { CircuitAct, CircuitChoice } from "../words/circuit.ts";
import type { Schema } from "../words/schema.ts";
import type { Activation, Ended } from "./activation.ts";
import type { FanFrame } from "./fan-frame.ts";
import { childrenOf, leavesOf } from "./leaves.ts";
import type { MachineNode } from "./machine-frame.ts";
import type { RunState, Sink } from "./transition.ts";

/** The circuit that a definition declares. */
export interface CircuitNode {
  /** The choices by their names. */
  readonly choices: { readonly [choice: string]: CircuitAct };
  readonly ask: (error: Error) => unknown;
  readonly answer: Schema<CircuitChoice>;
  readonly actOf: (choice: CircuitChoice) => CircuitAct;
  /** How a run ends that a person stopped. */
  readonly stopped: (root: Activation, error: Error) => Ended;
  /** Makes the part of a host that keeps the circuit. It stands here, so that a program without circuits has none of it. */
  readonly breaker: (run: RunState, host: unknown) => Breaker;
}

/** The circuit of one run, as its host keeps it. */
export interface Breaker {
  /** The last choice of a person; `undefined` before the first. */
  readonly chosen: CircuitChoice | undefined;
  /** Keeps back an operation while the circuit is open; tells whether it did. */
  readonly holds: (operation: Activation) => boolean;
  /** Whether the operation waits for the choice of a person. */
  readonly blocks: (operation: Activation) => boolean;
  /** Makes a call, and makes it again when a person chose to go on after a terminal error. */
  readonly guard: (operation: Activation, call: () => Promise<unknown>) => Promise<unknown>;
  /** Goes on where the circuit was when the run was left. */
  readonly restore: () => void;
}

/** How far the circuit of a run is. It belongs to the outermost activation. */
export interface CircuitState {
  /** How often it asked. */
  asked: number;
  isOpen: boolean;
  chosen: CircuitChoice | undefined;
  /** Whether nothing was done yet on account of the last choice. */
  isPending: boolean;
}

/** Under this note an operation keeps the terminal error that it met. */
export const HELD = "held";

/** The state of the circuit, made when it is first needed. */
export function circuitOf(root: Activation): CircuitState {
  const attached = root.attach();
  attached.circuit ??= { asked: 0, isOpen: false, chosen: undefined, isPending: false };
  return attached.circuit;
}

/** The name of the present question. */
export function circuitQuestion({ asked }: CircuitState): string {
  return `circuit#${asked}`;
}

/** The error that an operation met, and that is held. */
export function heldError(operation: Activation): Error | undefined {
  return operation.attached?.notes.get(HELD)?.value as Error | undefined;
}

/** A person chose. What follows from it for the state of the run is done here; the host does the rest. */
export function takeChoice(
  root: Activation,
  node: CircuitNode,
  choice: CircuitChoice,
  sink: Pick<Sink, "halted">,
): CircuitAct {
  const state = circuitOf(root);
  const act = node.actOf(choice);
  state.isOpen = false;
  state.chosen = choice;
  state.isPending = act !== "go-on";
  if (act === "go-on") forgetHeld(root);
  if (act === "end")
    endWithWhatIsThere(root, metIn(root) ?? new CancelledError("a person chose to end it"), sink);
  return act;
}

/** Takes a note of the circuit, when a run is made again. */
export function circuitNoted(
  root: Activation,
  type: string,
  value: unknown,
  sink: Pick<Sink, "halted">,
): void {
  const { circuit } = root.node as MachineNode;
  const state = circuitOf(root);
  if (type === "asked") {
    state.asked += 1;
    state.isOpen = true;
  } else if (type === "answered" && circuit !== undefined) {
    takeChoice(root, circuit, value as CircuitChoice, sink);
  }
}

/** The run is tried again, and begins with a closed circuit. */
export function resetCircuit(root: Activation): void {
  const { attached } = root;
  const state = attached?.circuit;
  if (state === undefined) return;
  if (state.isOpen) {
    attached!.notes.delete(`asked:${circuitQuestion(state)}`);
    // It is asked anew when an error is met again.
    state.asked -= 1;
  }
  state.isOpen = false;
  state.isPending = false;
  forgetHeld(root);
}

function forgetHeld(root: Activation): void {
  for (const leaf of leavesOf(root)) leaf.attached?.notes.delete(HELD);
}

/** The first terminal error that is held in an activation. */
export function metIn(activation: Activation): Error | undefined {
  for (const leaf of leavesOf(activation)) {
    const error = heldError(leaf);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** Settled fan-outs start nothing more, and complete with the results they have. */
function endWithWhatIsThere(activation: Activation, met: Error, sink: Pick<Sink, "halted">): void {
  const frame = activation.frame as FanFrame | undefined;
  if (frame === undefined) return;
  if (frame.node?.settled === true && frame.closing === undefined) {
    frame.isPartial = true;
    frame.halted ??= metIn(activation) ?? met;
    sink.halted(activation);
  }
  for (const child of childrenOf(activation)) endWithWhatIsThere(child, met, sink);
}
