/** The limits of a machine: how many states it may enter, and how often one of them. */
import { cycleOf } from "../errors/max-steps-error.ts";
import { given } from "../platform/given.ts";
import type { MachineFrame } from "./machine-frame.ts";

/** How many states before the limit the machine starts to remember its way. */
export const REMEMBERED = 64;

/** The error of a machine that would enter one of its states too often. */
export function tooManyVisits(
  { definition, machine, current }: MachineFrame,
  id: string,
  maxVisits: number,
): Error {
  const facts = { orchestration: definition.id, runnable: id, path: machine.path };
  return machine.runnable.errors.maxVisits({ ...facts, maxVisits, from: current.id });
}

/** Counts a step. @throws MaxStepsError past the limit. */
export function countStep(frame: MachineFrame): void {
  frame.steps += 1;
  if (frame.steps > frame.definition.maxSteps - REMEMBERED) remember(frame);
}

/** Remembers a state near the limit. @throws MaxStepsError past it. */
function remember(frame: MachineFrame): void {
  const { maxSteps, id } = frame.definition;
  frame.last ??= [];
  frame.last.push(frame.current.id);
  if (frame.steps <= maxSteps) return;
  const { last } = frame;
  throw frame.machine.runnable.errors.maxSteps({
    orchestration: id,
    path: frame.machine.path,
    maxSteps,
    last: last.slice(-8),
    ...given({ cycle: cycleOf(last) }),
  });
}
