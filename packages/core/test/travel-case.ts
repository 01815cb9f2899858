/** One random flow whose runs are compared with what the interpreter reads. */
import fc from "fast-check";
import { expect } from "vitest";
import { budget, seed } from "../../../scripts/lanes.ts";
import { type Flow, type Mark, type Travel, travelled } from "./reference-interpreter.ts";
import { happened, read, type Told, TravelWorld } from "./travel-world.ts";
import { wellFormed } from "./well-formed.ts";

/** One random flow with its runs. */
export interface Case {
  readonly flow: Flow;
  readonly input: number;
  readonly world: TravelWorld;
  /** How it goes from its start to its end. */
  readonly told: Told;
  /** The beginnings of all states. */
  readonly states: readonly Mark[];
}

function statesOf(marks: readonly Mark[]): Mark[] {
  return marks.filter(({ what }) => what.startsWith("started"));
}

/** The parts that the graphs are drawn in, so that no test takes long. */
export const PARTS: readonly number[] = [1, 2, 3, 4];

/** How many graphs a part draws, and from what. */
export function drawsOf(part: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.ceil(budget("travelledGraphs") / PARTS.length), seed: seed + part };
}

/** How many states a flow may enter: the cost of going to each of them grows with the square. */
const MOST_STATES = 24;

/** Runs a flow straight. Draws another one when a tie decides, which the rules say nothing about, or it is large. */
export async function straight(flow: Flow, input: number): Promise<Case> {
  const course = travelled(flow, input);
  fc.pre(course !== undefined && statesOf(course.marks).length <= MOST_STATES);
  const world = new TravelWorld(flow, input);
  const told = await world.run("straight");
  compare(told, flow, input, undefined, "the straight run");
  return { flow, input, world, told, states: statesOf(course!.marks) };
}

/** Compares a run with what the interpreter reads; where a tie decides, looks at its form alone. */
export function compare(
  told: Told,
  flow: Flow,
  input: number,
  travel: Travel | undefined,
  about: string,
): ReturnType<typeof travelled> {
  equal(wellFormed(told.events), [], about);
  const expected = travelled(flow, input, travel);
  if (expected === undefined) return undefined;
  const { outcome, end, marks } = expected;
  const ending = `${outcome.ok ? outcome.value : outcome.code} at ${end}`;
  equal([`${told.outcome} at ${told.events.at(-1)!.time}`], [ending], about);
  equal(happened(told.events, travel, marks), read(marks), about);
  return expected;
}

/** Expects two lists to be equal. Comparing texts first makes the test twice as fast. */
export function equal(actual: readonly string[], expected: readonly string[], about: string): void {
  if (actual.join("\n") !== expected.join("\n")) expect(actual, about).toEqual(expected);
}

/** Expects a run to have gone as another one. */
export function isSame(one: Told, other: Told, about: string): void {
  equal([String(one.outcome)], [String(other.outcome)], about);
  equal(happened(one.events), happened(other.events), about);
  equal(wellFormed(one.events), [], about);
}
