import { OrchError } from "./orch-error.ts";

/** The limit, and the states the machine went through last. */
export interface MaxStepsFacts {
  readonly orchestration: string;
  readonly path: string;
  readonly maxSteps: number;
  /** The states visited last, oldest first. */
  readonly last: readonly string[];
  /** The repeating part, like `report -> plan -> search -> report`; absent when nothing repeats. */
  readonly cycle?: string;
}

/** A machine took more steps than it may. */
export class MaxStepsError extends OrchError<"ORCH_MAX_STEPS", MaxStepsFacts> {
  constructor(facts: MaxStepsFacts) {
    const where = facts.cycle
      ? `it goes round ${facts.cycle}`
      : `it went through ${facts.last.join(" -> ")} last`;
    super("ORCH_MAX_STEPS", facts, {
      says: `Orchestration never completes: "${facts.orchestration}" took ${facts.maxSteps} steps without reaching a finish; ${where}.`,
      fix: "Make a condition on that way become false in the end, or raise maxSteps in the third argument of orchestration.",
    });
  }
}

/** Finds the shortest sequence of states that the end of `last` repeats at least twice. */
export function cycleOf(last: readonly string[]): string | undefined {
  for (let length = 1; length * 2 <= last.length; length++) {
    const tail = last.slice(-length);
    const before = last.slice(-2 * length, -length);
    if (tail.every((state, index) => state === before[index])) return [...tail, tail[0]].join(" -> ");
  }
  return undefined;
}
