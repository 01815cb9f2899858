/** What the fake models of all subjects say: so many tool calls, then an answer; or so many deltas. */
import { ANSWER } from "./work.ts";

/** The tool's name everywhere. */
export const TOOL = "add";
/** What the tool is for. */
export const TOOL_DESCRIPTION = "Adds two numbers.";
/** Who the agent is. */
export const INSTRUCTIONS = "Add numbers.";
/** What the agent is asked. */
export const QUESTION = "What is the sum?";

/** The arguments of call number `turn`; each differs, so that no guard against repeated calls is met. */
export function argumentsOf(turn: number): { readonly a: number; readonly b: number } {
  return { a: turn, b: 1 };
}

/** Checks and counts what the tool is called with. */
export class Adder {
  calls = 0;

  add({ a, b }: { readonly a: number; readonly b: number }): { readonly sum: number } {
    this.calls += 1;
    return { sum: a + b };
  }

  /** The answer of a run, with the number of calls it took. */
  answer(text: string | undefined): string {
    const calls = this.calls;
    this.calls = 0;
    return `${calls} calls: ${text}`;
  }
}

/** The final answer. */
export const FINAL: string = ANSWER;
