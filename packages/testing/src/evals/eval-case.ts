/** A recorded run as a case: what went in, what was answered, what came out, and what the models said. Plain JSON, made to be committed. */
import type { AssistantMessage, JsonObject, Model, Usage } from "@orch/agents";
import type { Json } from "@orch/core";
import type { EvalOutcome } from "./eval-outcome.ts";

/** A run to be run again, with what is expected of it. */
export interface EvalCase {
  readonly version: 1;
  /** Unique among the cases of a suite. */
  readonly name: string;
  /** What was run: the id of the orchestration, or the name of the agent. */
  readonly orchestration: string;
  /** Absent where the run had none. */
  readonly input?: Json;
  /** What people answered, by the id of the question. */
  readonly answers: readonly EvalAnswer[];
  /** What the run did and gave when it was recorded. Edit it where that was not right. */
  readonly expected: EvalOutcome;
  /** The models by the names that the target calls them. */
  readonly models: { readonly [name: string]: EvalModel };
  /** What they said. */
  readonly calls: readonly EvalCall[];
  /** What tools gave; used by `recorded(tool)`. */
  readonly tools: readonly EvalToolCall[];
}

/** One answer of a person. */
export interface EvalAnswer {
  readonly question: string;
  readonly answer: Json;
}

/** Which model it was, and what it could. */
export type EvalModel = Pick<Model, "id" | "caps">;

/** One answer of a model. */
export interface EvalCall {
  /** The path of the state whose agent asked; empty outside of a state. */
  readonly state: string;
  /** The request without what changes no answer; absent where nobody recorded it, as in a journal. */
  readonly request?: JsonObject;
  readonly message: AssistantMessage;
  readonly usage: Usage;
}

/** One call of a tool. */
export interface EvalToolCall {
  readonly name: string;
  readonly input: Json;
  /** What the tool gave; absent when it failed. */
  readonly output?: Json;
  /** The words of its failure. */
  readonly error?: string;
}
