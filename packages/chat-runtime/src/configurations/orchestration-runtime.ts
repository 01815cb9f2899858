/** Any orchestration as something that answers a conversation. */
import type { AssistantMessage } from "@orch/agents";
import type { Orchestration, OrchestrationEvent } from "@orch/core";
import { newId } from "@orch/core/doors";
import { Spent } from "../turn/spent.ts";
import { finishingStates } from "./finishing-states.ts";
import type { RuntimeConfiguration, Turn, TurnContext, TurnReply } from "./runtime-configuration.ts";
import { textDelta } from "./text-delta.ts";

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
): RuntimeConfiguration {
  const { name = orchestration.id, toInput, toMessage } = options;
  const speaks = options.speaks ?? finishingStates(orchestration.graph);
  return {
    name,
    invoke: async (turn, context) => {
      const spent = new Spent();
      const output = await runInTurn(orchestration, toInput(turn), context, (event) => {
        if (event.type === "state.usage") spent.add(event.spending);
        const text = textDelta(event);
        if (text !== undefined && speaks(text.path, text.state)) context.say(text.delta, text.path);
      });
      return { ...replyOf(toMessage(output), orchestration.id, spent.model), value: output };
    },
  };
}

/** Runs an orchestration inside a turn: its events go to the turn's readers and to `seen`, and its end is awaited. */
export async function runInTurn<TInput, TOutput>(
  orchestration: Orchestration<TInput, TOutput>,
  input: TInput,
  context: TurnContext,
  seen: (event: OrchestrationEvent) => void,
): Promise<TOutput> {
  const { signal, clock, random } = context;
  const run = orchestration.start(input, {
    signal,
    clock,
    random,
    runId: newId("run", clock.now(), random),
  });
  context.takeAnswers((question, value) => run.answer(question, value));
  for await (const event of run.events()) {
    context.emit(event);
    seen(event);
  }
  return run.result;
}

function replyOf(said: string | AssistantMessage, id: string, model: string | undefined): TurnReply {
  if (typeof said !== "string") return { message: said };
  return {
    message: {
      role: "assistant",
      content: [{ type: "text", text: said }],
      origin: { provider: "orch", api: "orchestration", model: model ?? id },
      finish: { reason: "stop" },
    },
  };
}
