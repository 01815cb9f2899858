/** Answers one turn as its configuration says: by code, or by a run of its orchestration. */
import { type AssistantMessage, agentEvents, type Message } from "@orch/agents";
import { type OrchestrationEvent, speech } from "@orch/core";
import { newId } from "@orch/core/doors";
import type {
  OrchestrationConfiguration,
  RuntimeConfiguration,
  Turn,
  TurnContext,
  TurnReply,
} from "../configurations/runtime-configuration.ts";
import { Spent } from "./spent.ts";

/** Gives the reply to a turn. It rejects with what the configuration or its run fails with. */
export async function answerTurn(
  configuration: RuntimeConfiguration,
  turn: Turn,
  context: TurnContext,
): Promise<TurnReply> {
  if ("invoke" in configuration) return configuration.invoke(turn, context);
  try {
    return await runTurn(configuration, turn, context);
  } catch (error) {
    throw configuration.toError === undefined ? error : configuration.toError(error);
  }
}

/** Runs the orchestration once. Its events go to the turn as they come, with no reader in between. */
async function runTurn(
  configuration: OrchestrationConfiguration,
  turn: Turn,
  context: TurnContext,
): Promise<TurnReply> {
  const { orchestration, toInput, toMessage, remembers = false } = configuration;
  const { signal, clock, random } = context;
  const heard = new Heard(configuration, context);
  let broken: { readonly error: unknown } | undefined;
  const run = orchestration.start(toInput(turn) as never, {
    signal,
    clock,
    random,
    runId: newId("run", clock.now(), random),
    onEvent: (event) => {
      try {
        heard.take(event);
      } catch (error) {
        // A run goes on when a listener throws; a turn whose `speaks` throws does not.
        broken ??= { error };
        void run.cancel("the runtime configuration failed");
      }
    },
  });
  context.takeAnswers((question, value) => run.answer(question, value));
  const [ended] = await Promise.allSettled([run.result]);
  if (broken !== undefined) throw broken.error;
  if (ended.status === "rejected") throw ended.reason;
  const output = ended.value;
  const message = messageOf(
    toMessage(output as never, heard.messages),
    heard.spent.model ?? orchestration.id,
  );
  return { message, ...(remembers && { messages: heard.messages }), value: output };
}

/** Collects from a run's events its spending and the messages to remember. */
class Heard {
  readonly spent: Spent = new Spent();
  readonly messages: Message[] = [];
  readonly #configuration: OrchestrationConfiguration;
  readonly #context: TurnContext;

  constructor(configuration: OrchestrationConfiguration, context: TurnContext) {
    this.#configuration = configuration;
    this.#context = context;
  }

  /** Text of a state that may speak goes to the transcript, and everything else to the turn's events: each once. */
  take(event: OrchestrationEvent): void {
    const { speaks, remembers } = this.#configuration;
    if (event.type === "state.usage") this.spent.add(event.spending);
    if (event.type === "state.output" && (speaks === undefined || speaks(event.path, event.state))) {
      const text = speech.of(event);
      if (text !== undefined) {
        this.#context.say(text, event.path);
        return;
      }
      const done = agentEvents.of(event);
      if (remembers === true && done?.type === "agent.message") this.#remember(done.message);
    }
    this.#context.emit(event);
  }

  #remember(message: Message): void {
    this.messages.push(message);
    this.#context.remember(message);
  }
}

function messageOf(said: string | AssistantMessage, model: string): AssistantMessage {
  if (typeof said !== "string") return said;
  return {
    role: "assistant",
    content: [{ type: "text", text: said }],
    origin: { provider: "orch", api: "orchestration", model },
    finish: { reason: "stop" },
  };
}
