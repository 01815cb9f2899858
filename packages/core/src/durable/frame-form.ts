/** How far a machine is, as plain data. */
import type { Activation } from "../kernel/activation.ts";
import { type MachineFrame, type MachineNode, machineOf, type Spent } from "../kernel/machine-frame.ts";
import { given } from "../platform/given.ts";
import type { Codec } from "./codec.ts";
import type { Json } from "./json.ts";
import { madeFromJson, madeToJson } from "./move-codec.ts";

/** How far a machine is. What is open in it are activations of their own. */
export interface FrameForm extends Pick<MachineFrame, "visits" | "steps" | "reruns"> {
  /** The number of the current state. */
  readonly at: number;
  /** What that was made from, where it was made on the way, and what is inside it. */
  readonly m?: readonly Json[];
  readonly last?: string[];
  readonly spent?: Spent;
}

/** A machine as plain data; `undefined` where it has no such form, because it is being stopped. */
export function frameForm(machine: Activation, codec: Codec): FrameForm | undefined {
  const { definition, current, visits, steps, reruns, last, spent, closing, undecided, child } =
    machineOf(machine)!;
  const { made } = current.runnable;
  const isDeclared = made !== undefined || definition.states[current.index] === current;
  if (!isDeclared || child === undefined || closing !== undefined || undecided !== undefined)
    return undefined;
  const m = made && madeToJson(made, codec, current.id);
  return { visits, steps, at: current.index, reruns, ...given({ m, last, spent }) };
}

/** Makes the progress of a machine again, without what is open in it. Throws where a state cannot be made again. */
export function machineFrameOf(
  machine: Activation,
  { visits, steps, at, m, last, reruns, spent }: FrameForm,
  codec: Codec,
): MachineFrame {
  const { definition } = machine.node as MachineNode;
  const state = definition.states[at]!;
  return {
    machine,
    definition,
    visits: [...visits],
    steps,
    current: m === undefined ? state : state.maker!.again(state, madeFromJson(m, codec)),
    child: undefined,
    undecided: undefined,
    last: last && [...last],
    reruns,
    spent: spent && { ...spent },
    closing: undefined,
  };
}
