/** What a run did and gave, in an order that does not depend on chance: plain data that is kept, compared and read. */
import type { Json } from "@orch/core";

/** How a run went. */
export interface EvalOutcome {
  /** `waiting`: it asked something that nobody answered. */
  readonly status: "completed" | "failed" | "cancelled" | "waiting";
  /** Absent where the run gave none. */
  readonly output?: Json;
  readonly error?: EvalError;
  /** The moves of the machine: those of one orchestration in their order, one orchestration after the other. */
  readonly path: readonly EvalMove[];
  /** Every activation, by its path. */
  readonly states: readonly EvalState[];
  /** The tool calls of agents: those of one state in their order. */
  readonly tools: readonly EvalToolUse[];
  readonly questions: readonly EvalQuestion[];
  readonly usage: EvalUsage;
}

/** An error in short. */
export interface EvalError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
}

/** One edge that was taken, and what the edges before it said. */
export interface EvalMove {
  /** The path of the orchestration that moved. */
  readonly in: string;
  readonly from: string;
  readonly to: string;
  readonly cause: "output" | "error" | "rerun";
  readonly label?: string;
  /** The edges whose condition did not hold, as `target` or `target (label)`. */
  readonly declined?: readonly string[];
}

/** One activation. */
export interface EvalState {
  readonly path: string;
  readonly status: "completed" | "failed" | "cancelled" | "skipped" | "open";
  readonly input?: Json;
  readonly output?: Json;
}

/** A tool call as the model made it. */
export interface EvalToolUse {
  /** The path of the state. */
  readonly state: string;
  readonly name: string;
  readonly input: Json;
}

/** A question of the run. */
export interface EvalQuestion {
  readonly question: string;
  readonly prompt: Json;
  readonly answer?: Json;
}

/** What was spent. */
export interface EvalUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars, of the calls whose price is known. */
  readonly cost: number;
  /** Calls whose price nobody knows: with any of them, `cost` is not the whole. */
  readonly unpriced: number;
}
