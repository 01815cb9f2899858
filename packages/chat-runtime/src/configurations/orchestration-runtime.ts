/** Any orchestration as something that answers a conversation. */
import type { AssistantMessage } from "@orch/agents";
import type { Orchestration } from "@orch/core";
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
   * Which states may speak in the transcript; the others stream to the events only. `path` is the
   * activation's, `state` the runnable's id. Default: the states that finish the orchestration.
   */
  readonly speaks?: (path: string, state: string) => boolean;
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
  const speaks = options.speaks ?? finishingStates(orchestration.graph);
  return { name, orchestration, toInput, toMessage, speaks };
}
