/** What is evaluated, as a function of the models and tools that it is given. */
import { type Agent, agentRunnable, type Model, type Tool } from "@orch/agents";
import { type Orchestration, orchestration } from "@orch/core";
import type { AnyOrchestration } from "@orch/core/host";

/** What a target is made of, in one trial. */
export interface EvalKit {
  /** A model of the case by its name; `default` without one. Recorded answers, unless the trial is live. */
  readonly model: (name?: string) => Model;
  /** The tool, giving what it gave when the case was recorded instead of running. A call that was not recorded fails the trial. */
  readonly recorded: (tool: Tool) => Tool;
}

/** Makes what is evaluated: an orchestration, or an agent, which is run as an orchestration of one state. */
export type EvalTarget = (kit: EvalKit) => AnyOrchestration | Agent<unknown>;

/** The name of the model that a target did not name. */
export const DEFAULT_MODEL = "default";

/** The target as an orchestration of any input. */
export function orchestrationOf(made: AnyOrchestration | Agent<unknown>): Orchestration<unknown, unknown> {
  if ("start" in made) return made as unknown as Orchestration<unknown, unknown>;
  const state = agentRunnable<unknown, unknown>(made);
  return orchestration<unknown, unknown>(made.name, (o) => o.start(state).finish(state));
}
