/** What answers the messages of a conversation. */
import type { AssistantMessage, Message, Usage, UserMessage } from "@orch/agents";
import type { Clock, Orchestration, OrchestrationEvent, Random, Run, Spending } from "@orch/core";
import type { DurableHost, Host } from "@orch/core/host";
import type { HistorySummary } from "./history-summary.ts";

/** One message to answer, with what was said before it. */
export interface Turn {
  /** The turn's id, which its run has too. */
  readonly id: string;
  readonly history: readonly Message[];
  readonly message: UserMessage;
  /** The message's text. */
  readonly text: string;
}

/** Ways of a configuration to the outside while it answers. */
export interface TurnContext {
  readonly sessionId: string;
  readonly turnId: string;
  /** Aborted when the turn is cancelled. */
  readonly signal: AbortSignal;
  /** Passes an event of the orchestration underneath to the readers of the turn. */
  readonly emit: (event: OrchestrationEvent) => void;
  /** Adds text to the transcript while the answer is being made. */
  readonly say: (text: string, path: string) => void;
  /**
   * Hands over a whole message before the reply is there, in order. These are what is kept of a turn
   * that fails or is cancelled; a reply makes them superfluous.
   */
  readonly remember: (message: Message) => void;
  /** Counts what was spent outside of the run underneath towards the turn. */
  readonly spend: (spending: Spending) => void;
  /** Sets the function that takes the answers to questions of the run underneath. A later call replaces it. */
  readonly takeAnswers: (answer: AnswerQuestion) => void;
  /**
   * Sets the function that lets go of the run underneath and leaves it where it is kept. Without one a turn that is
   * suspended aborts its signal.
   */
  readonly takeSuspension: (suspend: () => Promise<void>) => void;
  /** Where the run underneath lives; absent where it ends with the process. */
  readonly host?: RunHost;
  /** Set when the turn was tried before, to how that ended: its host may have a run of it. */
  readonly before?: "failed" | "cancelled" | "unfinished";
  /** The run underneath, where it goes on already: a fork of the run of another turn. */
  readonly run?: Run<unknown>;
  /** What sums up the beginning of the history, where it was written before; see `keepSummary`. */
  readonly summary: () => HistorySummary | undefined;
  /** Keeps a summary of the beginning of the history with the turn, for later turns and later processes. */
  readonly keepSummary: (summary: HistorySummary) => void;
  /** The runtime's clock and chance, for what runs underneath. */
  readonly clock: Clock;
  readonly random: Random;
}

/** A host of runs. One that can try a run again does so also for a turn that was cancelled; one that can fork it lets turns be forked. */
export type RunHost = Host & { readonly retry?: DurableHost["retry"]; readonly fork?: DurableHost["fork"] };

/**
 * Answers a question of a run by its id. It rejects when there is no such question, or when the value
 * does not fit it; the question then stays open.
 */
export type AnswerQuestion = (question: string, value: unknown) => Promise<void>;

/** The answer to a turn. */
export interface TurnReply {
  /** The answer, as it is shown and stored. */
  readonly message: AssistantMessage;
  /** Everything to remember of this turn, tool calls and results included; ends with `message`. Default: only `message`. */
  readonly messages?: readonly Message[];
  /** The orchestration's typed output, for programs. */
  readonly value?: unknown;
  /** Default: the sum of the `state.usage` events that were emitted. */
  readonly usage?: Usage;
  /** In US dollars. Default: the sum of the `state.usage` events, if each of them has one. */
  readonly cost?: number;
}

/** Answers a turn as the rest of the chain does. With `configuration` that one answers in place of the chain's own. */
export type NextAnswer = (
  turn: Turn,
  context: TurnContext,
  configuration?: RuntimeConfiguration,
) => Promise<TurnReply>;

/** What stands around a configuration: it may change the turn, the reply and what is told in between, or call `next` again or not at all. */
export type RuntimeMiddleware = (turn: Turn, context: TurnContext, next: NextAnswer) => Promise<TurnReply>;

/** The page's IRuntimeConfiguration: something that answers a turn, by an orchestration or by code. */
export type RuntimeConfiguration = OrchestrationConfiguration | CodeConfiguration;

/**
 * An orchestration that answers: each turn is one run of it. `orchestrationRuntime` and `agentRuntime` make it and check
 * that its types fit. It is plain data, so that its graph can be drawn, and a copy with another `toInput` takes a
 * typed input in place of the message.
 */
export interface OrchestrationConfiguration {
  /** Shown on screen and stored with each turn. */
  readonly name: string;
  readonly orchestration: Orchestration<never, unknown>;
  /** Makes the orchestration's input from the message and what was said before it. */
  readonly toInput: (turn: Turn) => unknown;
  /** Called when a run has ended or was suspended, so that what `toInput` holds for it can be released. */
  readonly release?: (turn: Turn) => void;
  /** Makes the answer from the output. `said` has the messages that were remembered of this turn; see `remembers`. */
  readonly toMessage: (output: never, said: readonly Message[]) => string | AssistantMessage;
  /** Which states may speak in the transcript, by the activation's path and the runnable's id. Default: those that finish it. */
  readonly speaks?: (path: string, state: string) => boolean;
  /**
   * Whether the conversation remembers the messages of agents that may speak, tool calls included; a function decides by
   * the activation's path. Default: the answer only.
   */
  readonly remembers?: boolean | ((path: string) => boolean);
  /** Makes the error that a failed turn reports from what the run failed with. Default: the same. */
  readonly toError?: (error: unknown) => unknown;
  /** What stands around it; see `withMiddleware`. */
  readonly around?: RuntimeMiddleware;
  /** Words of the program about it, kept with each turn: what is needed to make it again, like the model that was chosen. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Code of one's own that answers. */
export interface CodeConfiguration {
  /** Shown on screen and stored with each turn. */
  readonly name: string;
  readonly invoke: (turn: Turn, context: TurnContext) => Promise<TurnReply>;
  /** What stands around it; see `withMiddleware`. */
  readonly around?: RuntimeMiddleware;
  /** Words of the program about it, kept with each turn: what is needed to make it again, like the model that was chosen. */
  readonly labels?: Readonly<Record<string, string>>;
}
