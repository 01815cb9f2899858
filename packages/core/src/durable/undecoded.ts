import type { Activation } from "../kernel/activation.ts";
import type { Decision } from "../kernel/decisions.ts";
import { machineOf } from "../kernel/machine-frame.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { PartHole } from "./part-place.ts";

/** The recorded output of a state, kept as text while states only pass it on. */
export class Undecoded {
  /** As its record has it. */
  readonly text: string;
  /** The number of the record that holds it. */
  readonly record: number;
  /** What is missing in the text. */
  readonly parts: readonly PartHole[] | undefined;

  constructor(text: string, record: number, parts: readonly PartHole[] | undefined) {
    this.text = text;
    this.record = record;
    this.parts = parts;
  }
}

/**
 * Whether nothing but the next state may read what this one gave: it went along an edge to a plain runnable, or not
 * even that, since a conversion took its place. Such a value stays text until it is read.
 */
export function isHandedOn({ parent, node }: Activation, decided: readonly Decision[]): boolean {
  if ((node as WaitNode | undefined)?.question?.output !== undefined) return false;
  const [move] = decided;
  if (decided.length !== 1 || !Array.isArray(move)) return false;
  const frame = machineOf(parent);
  if (frame === undefined) return false;
  const target = frame.definition.states[move[1] as number];
  return move.length > 2 || (target !== undefined && target.runnable.node === undefined);
}
