/** Answers one turn as its configuration says: by code, or by a run of its orchestration. */
import { type AssistantMessage, agentEvents, type Message } from "@orch/agents";
import { isOrchError, type OrchestrationEvent, type Run, speech } from "@orch/core";
import { finishingStates } from "../configurations/finishing-states.ts";
import type {
  OrchestrationConfiguration,
  RuntimeConfiguration,
  Turn,
  TurnContext,
  TurnReply,
} from "../configurations/runtime-configuration.ts";
import { Spent } from "./spent.ts";

/** Gives the reply to a turn. It rejects with what the configuration, its middleware or its run fails with. */
export async function answerTurn(
  configuration: RuntimeConfiguration,
  turn: Turn,
  context: TurnContext,
): Promise<TurnReply> {
  const { around } = configuration;
  if (around === undefined) return answerBare(configuration, turn, context);
  return around(turn, context, (turn, context, other) =>
    other === undefined ? answerBare(configuration, turn, context) : answerTurn(other, turn, context),
  );
}

async function answerBare(
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

/** Runs the orchestration once. */
async function runTurn(
  configuration: OrchestrationConfiguration,
  turn: Turn,
  context: TurnContext,
): Promise<TurnReply> {
  const { orchestration, toInput, toMessage, release, remembers = false } = configuration;
  const heard = new Heard(configuration, context);
  let output: unknown;
  try {
    output = await outputOf(orchestration, toInput(turn), context, heard);
  } finally {
    release?.(turn);
  }
  const model = heard.spent.model ?? orchestration.id;
  const message = messageOf(toMessage(output as never, heard.messages), model);
  // Of a run that had ended before, nothing is heard but its end.
  const messages = heard.messages.length > 0 ? heard.messages : [message];
  const remembered = remembers === true || heard.messages.length > 0;
  return { message, ...(remembered && { messages }), value: output };
}

/** Starts the run or goes on with it, and tells the turn what happens in it. */
async function outputOf(
  orchestration: OrchestrationConfiguration["orchestration"],
  input: unknown,
  context: TurnContext,
  heard: Heard,
): Promise<unknown> {
  let broken: { readonly error: unknown } | undefined;
  let run: Run<unknown> | undefined;
  const hear = (event: OrchestrationEvent): void => {
    try {
      heard.take(event);
    } catch (error) {
      // A run goes on when a listener throws; a turn whose `speaks` throws does not.
      broken ??= { error };
      void run?.cancel("the runtime configuration failed");
    }
  };
  const { host, before } = context;
  const again = host !== undefined && before !== undefined;
  // A new run is heard as it goes, with no reader in between. One that goes on tells its whole story to a reader.
  run =
    context.run ?? (again && before === "cancelled" ? await triedAgain(orchestration, context) : undefined);
  // A run that is begun with a signal that has aborted is cancelled, and this one has to stay as it is.
  if (run === undefined && isOrchError(context.signal.reason, "ORCH_TURN_SUSPENDED"))
    throw context.signal.reason;
  if (context.run !== undefined) cancelWith(context.run, context.signal);
  run ??= startedRun(orchestration, input, context, again ? undefined : hear);
  const going = run;
  context.takeAnswers((question, value) => going.answer(question, value));
  if (host?.capabilities.keeps === true) context.takeSuspension(() => going.suspend());
  if (again) for await (const event of going.events()) hear(event);
  const [ended] = await Promise.allSettled([going.result]);
  if (broken !== undefined) throw broken.error;
  if (ended.status === "rejected") throw ended.reason;
  return ended.value;
}

/** The run of a turn has the turn's id, so that a later try finds it. */
function startedRun(
  orchestration: OrchestrationConfiguration["orchestration"],
  input: unknown,
  { turnId: runId, signal, clock, random, host, before }: TurnContext,
  onEvent: ((event: OrchestrationEvent) => void) | undefined,
): Run<unknown> {
  const place = { runId, ...(host && { host }), ...(before && host && { ifExists: "retry" as const }) };
  return orchestration.start(input as never, {
    ...place,
    signal,
    clock,
    random,
    ...(onEvent && { onEvent }),
  });
}

/** A run that was begun before its turn does not know the signal of the turn. */
function cancelWith(run: Run<unknown>, signal: AbortSignal): void {
  const cancel = (): void => void run.cancel(String(signal.reason));
  if (signal.aborted) cancel();
  else signal.addEventListener("abort", cancel, { once: true });
}

/** Goes on with a run that was cancelled; `undefined` when there is none, as when it was cancelled before it began. */
async function triedAgain(
  orchestration: OrchestrationConfiguration["orchestration"],
  { turnId, signal, host }: TurnContext,
): Promise<Run<unknown> | undefined> {
  try {
    return await host?.retry?.(orchestration, turnId, { signal });
  } catch (error) {
    if (isOrchError(error, "ORCH_UNKNOWN_RUN") || isOrchError(error, "ORCH_RUN_STATE")) return undefined;
    throw error;
  }
}

/** Collects from a run's events its spending and the messages to remember. */
class Heard {
  readonly spent: Spent = new Spent();
  readonly messages: Message[] = [];
  readonly #speaks: NonNullable<OrchestrationConfiguration["speaks"]>;
  readonly #remembers: OrchestrationConfiguration["remembers"];
  readonly #context: TurnContext;

  constructor({ speaks, remembers, orchestration }: OrchestrationConfiguration, context: TurnContext) {
    this.#speaks = speaks ?? finishingStates(orchestration.graph);
    this.#remembers = remembers;
    this.#context = context;
  }

  /** Text of a state that may speak goes to the transcript, and everything else to the turn's events: each once. */
  take(event: OrchestrationEvent): void {
    const remembers = this.#remembers;
    if (event.type === "state.usage") this.spent.add(event.spending);
    if (event.type === "state.output" && this.#speaks(event.path, event.state)) {
      const text = speech.of(event);
      if (text !== undefined) {
        this.#context.say(text, event.path);
        return;
      }
      const done = agentEvents.of(event);
      const keeps = typeof remembers === "function" ? remembers(event.path) : remembers;
      if (keeps === true && done?.type === "agent.message") this.#remember(done.message);
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
