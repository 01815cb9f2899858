/** Any orchestration as something that answers a conversation. */
import type { AssistantMessage } from "@orch/agents";
import type { Graph, GraphInside, Orchestration } from "@orch/core";
import { RuntimeSetupError } from "../errors/runtime-setup-error.ts";
import { finishingStates } from "./finishing-states.ts";
import type { OrchestrationConfiguration, Turn } from "./runtime-configuration.ts";

/** How a conversation and an orchestration fit together. */
export interface OrchestrationRuntimeOptions<TInput, TOutput> {
  /** Shown on screen and stored with each turn. Default: the orchestration's id. */
  readonly name?: string;
  /** Makes the orchestration's input from the message and what was said before it. */
  readonly toInput: (turn: Turn) => TInput;
  /** Makes the answer from the orchestration's output; a text becomes a message of the orchestration. */
  readonly toMessage: (output: TOutput) => string | AssistantMessage;
  /**
   * Which states may speak in the transcript, by their ids; the others stream to the events only. A function is given
   * the activation's path and the runnable's id. Default: the states that finish the orchestration.
   */
  readonly speaks?: readonly string[] | ((path: string, state: string) => boolean);
}

/**
 * Makes a runtime configuration of an orchestration: each message is one run of it. Questions that
 * the run asks are events of the turn (`question.asked`), and are answered by the turn's `answer`.
 *
 * @example
 * ```ts
 * const runtime = new ChatRuntime(orchestrationRuntime(research, {
 *   toInput: ({ text }) => text,
 *   toMessage: (report) => report.markdown,
 * }));
 * ```
 */
export function orchestrationRuntime<TInput, TOutput>(
  orchestration: Orchestration<TInput, TOutput>,
  options: OrchestrationRuntimeOptions<TInput, TOutput>,
): OrchestrationConfiguration {
  const { name = orchestration.id, toInput, toMessage } = options;
  const { speaks = finishingStates(orchestration.graph) } = options;
  return {
    name,
    orchestration,
    toInput,
    toMessage,
    speaks: typeof speaks === "function" ? speaks : speakersOf(name, orchestration.graph, speaks),
  };
}

/** Lets the states of these ids speak, wherever they are in the orchestration. */
function speakersOf(
  configuration: string,
  graph: Graph,
  ids: readonly string[],
): (path: string, state: string) => boolean {
  const known = new Set(graph.nodes.flatMap(idsIn));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) {
    const problem = `"${unknown}" is to speak, and is none of its states (${[...known].join(", ")})`;
    throw new RuntimeSetupError({ configuration, problem });
  }
  const speakers = new Set(ids);
  return (_path, state) => speakers.has(state);
}

/** A state, and all that is inside of it. */
function idsIn({ id, graph, branches = [] }: GraphInside & { readonly id: string }): readonly string[] {
  return [id, ...(graph?.nodes ?? []).flatMap(idsIn), ...branches.flatMap(idsIn)];
}
