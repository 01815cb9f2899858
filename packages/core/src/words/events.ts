/**
 * Everything that happens in a run, as one ordered stream. The same events feed the terminal,
 * tracing and tests.
 *
 *     run.started
 *       state.started                      one per activation
 *         state.output *  state.usage *    while it works
 *         state.retrying *                 after a failed attempt that is tried again
 *       state.completed | state.failed     exactly one per state.started
 *       state.transition                   why the machine moved
 *       state.skipped                      a branch whose condition did not hold
 *       state.waiting                      what a state waits for in its run
 *       question.asked -> question.answered
 *     signal.received *                    a signal came for the run
 *     run.waiting *                        the run goes on only after a question is answered or a signal comes
 *     run.completed | run.failed | run.cancelled     exactly one, last; or, where runs are kept,
 *     run.refused                        the run never began, as when its id is taken; the only event
 *     run.suspended                      this process let go of the run, and it can be resumed
 *     run.paused -> run.continued        the store is locked or full: the run waits, and goes on by itself
 *     run.retried                        the run goes on after its end; what is open in it tells state.started again
 *
 * All but `state.output`, `run.refused`, `run.paused`, `run.continued` and `run.suspended` are kept where a run is kept.
 * `seq` counts the kept events.
 */
import type { Census } from "./census.ts";
import type { Spending } from "./context.ts";
import type { DossierAdded } from "./dossier.ts";
import type { JsonSchema } from "./schema.ts";
import type { RunWaiting, SignalReceived, StateWaiting } from "./signal-events.ts";

/** What an activation is: a function, a nested orchestration, a fan-out, a choice, a question, a sleep or a wait for something in the run. */
export type StateKind =
  | "runnable"
  | "orchestration"
  | "each"
  | "all"
  | "race"
  | "background"
  | "collect"
  | "exit"
  | "choose"
  | "question"
  | "sleep"
  | "until";

/** What one advancer said about an output. */
export interface AdvancerVerdict {
  /** The runnable it leads to; several for an advancer class with several targets. */
  readonly to: string;
  /** The advancer's label, where it has one. */
  readonly label?: string;
  /** `taken`: this one won. `declined`: its condition did not hold. `not-asked`: an earlier one won. */
  readonly verdict: "taken" | "declined" | "not-asked";
  /** Whether it has a condition at all. */
  readonly conditional: boolean;
}

/**
 * An error as plain data. On a host that keeps runs this is all that is left of what was thrown: events, settled
 * results, the journal, and the errors that conditions and conversions are given hold the same fields.
 */
export interface EventError {
  readonly name: string;
  /** The words of who threw it, without advice. */
  readonly message: string;
  readonly code?: string;
  /** The HTTP status that it was told of. */
  readonly status?: number;
  /** How long to wait before another attempt, in milliseconds. */
  readonly retryAfter?: number;
  /** `false`: no further attempt can change it. */
  readonly retryable?: boolean;
  /** Whether other work will meet it too. Default: it does when it is not `retryable`; `false` says that it concerns its own work alone. */
  readonly terminal?: boolean;
  /** HTTP headers, without those that hold secrets. */
  readonly headers?: { readonly [name: string]: string };
  /** The way out, of an error of Orch. */
  readonly fix?: string;
  /** Plain data, of an error that has `facts`. */
  readonly facts?: { readonly [key: string]: unknown };
  /** What led to it. */
  readonly cause?: EventError;
  /** What came together in it: the errors of an `AggregateError`, or the failures of a lost race. */
  readonly errors?: readonly EventError[];
}

/** What every event says. */
export interface EventBase {
  /** Position among the kept events of the run, from 1, without gaps. A live event has the number of the kept event before it. */
  readonly seq: number;
  /** Position of a live event among those after the kept event `seq`, from 1, as this process counts them; absent in a kept event. */
  readonly part?: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly runId: string;
  /** The activation this is about; the orchestration's id for events of the whole run. */
  readonly path: string;
}

/** What every event of one state says. */
export interface StateEventBase extends EventBase {
  /** The runnable's id. */
  readonly state: string;
  readonly visit: number;
}

/** The first event of a run. */
export interface RunStarted extends EventBase {
  readonly type: "run.started";
  readonly orchestration: string;
  readonly input: unknown;
}
/** The run finished; `duration` is in milliseconds. */
export interface RunCompleted extends EventBase {
  readonly type: "run.completed";
  readonly output: unknown;
  readonly duration: number;
  /** The fan-outs with branches that failed or did not end, at most the last 20; absent when there are none. */
  readonly census?: readonly Census[];
}
/** The run ended with an error. */
export interface RunFailed extends EventBase {
  readonly type: "run.failed";
  readonly error: EventError;
  readonly duration: number;
  /** The fan-outs with branches that failed or did not end, at most the last 20; absent when there are none. */
  readonly census?: readonly Census[];
}
/** The run was cancelled. */
export interface RunCancelled extends EventBase {
  readonly type: "run.cancelled";
  readonly reason: string;
  readonly duration: number;
  /** The fan-outs with branches that failed or did not end, at most the last 20; absent when there are none. */
  readonly census?: readonly Census[];
}
/**
 * The run goes on after its end, at the activation that failed it (`host.retry`). Every activation that is open again
 * tells `state.started` once more, and every question that is open again `question.asked`.
 */
export interface RunRetried extends EventBase {
  readonly type: "run.retried";
}
/** A state was entered: one activation begins. */
export interface StateStarted extends StateEventBase {
  readonly type: "state.started";
  readonly kind: StateKind;
  readonly input: unknown;
  /** How many branches a fan-out has. */
  readonly branches?: number;
  /** The activation was entered before, and is open again because the run was retried. */
  readonly again?: true;
}
/** A state gave its output. `duration` is in milliseconds, retries and waits included. */
export interface StateCompleted extends StateEventBase {
  readonly type: "state.completed";
  readonly output: unknown;
  readonly duration: number;
  /** How many branches of it go on in the background of the orchestration. They end with events of their own, before the orchestration does. */
  readonly background?: number;
}
/** A state failed. `cancelled` is true when it was stopped from outside rather than failing by itself. */
export interface StateFailed extends StateEventBase {
  readonly type: "state.failed";
  readonly error: EventError;
  readonly cancelled: boolean;
  readonly duration: number;
}
/** An attempt failed and is tried again. `attempt` is the one that failed; `delay` the wait in milliseconds before the next. */
export interface StateRetrying extends StateEventBase {
  readonly type: "state.retrying";
  readonly attempt: number;
  readonly delay: number;
  readonly error: EventError;
}
/** A branch of `all` whose condition did not hold. */
export interface StateSkipped extends StateEventBase {
  readonly type: "state.skipped";
}
/** The machine moved. `path` is the activation that was left; `cause` tells whether an output or a failure moved the machine, or whether no advancer took the output and the state is entered again. */
export interface StateTransition extends EventBase {
  readonly type: "state.transition";
  readonly from: string;
  readonly to: string;
  readonly cause: "output" | "error" | "rerun";
  readonly advancers: readonly AdvancerVerdict[];
  /** What an edge of the completed state threw, or gave and cannot be kept, where that moved the machine. */
  readonly error?: EventError;
  /** What the edge added to a dossier. */
  readonly added?: DossierAdded;
}
/** Live data that a runnable sent with `ctx.emit`; the channel's `of` reads it with its type. */
export interface StateOutput extends StateEventBase {
  readonly type: "state.output";
  readonly part: number;
  /** The channel's name. */
  readonly channel: string;
  readonly data: unknown;
}
/** Tokens and money that a runnable counted. */
export interface StateUsage extends StateEventBase {
  readonly type: "state.usage";
  readonly spending: Spending;
}

/** A question to a human. Answer it with `run.answer(question, value)`. */
export interface QuestionAsked extends StateEventBase {
  readonly type: "question.asked";
  /** The question's id. */
  readonly question: string;
  readonly prompt: unknown;
  /** What an answer has to look like, as a JSON Schema; absent where the library of the schema gives none. */
  readonly schema?: JsonSchema;
}
/** A question was answered. `answer` is the output of its schema. */
export interface QuestionAnswered extends StateEventBase {
  readonly type: "question.answered";
  readonly question: string;
  readonly answer: unknown;
}
/** The run never began, because of `error`: its id is taken, its input cannot be kept, its store cannot be written. */
export interface RunRefused extends EventBase {
  readonly type: "run.refused";
  readonly part: number;
  readonly error: EventError;
}

/** This process stopped driving the run, which can be resumed from its host: on purpose, or because `error` stood in the way. */
export interface RunSuspended extends EventBase {
  readonly type: "run.suspended";
  readonly part: number;
  readonly error: EventError;
}

/** The run waits, because its store is locked by another process or has no room. It goes on by itself; nothing has to be done but to make room. */
export interface RunPaused extends EventBase {
  readonly type: "run.paused";
  readonly part: number;
  /** What the store says, as a sentence. */
  readonly reason: string;
}
/** The run goes on after a pause: what waited is written. */
export interface RunContinued extends EventBase {
  readonly type: "run.continued";
  readonly part: number;
}

/**
 * The events from number `from` to number `to` are lost. With `part` 0 a reader missed them, because they are not in
 * memory any more and the run is not kept. Without it they were told by a process that was killed before it had kept
 * them, which happens only at level `end`; what they told of happens again.
 */
export interface EventsMissed extends EventBase {
  readonly type: "events.missed";
  readonly part?: 0;
  readonly from: number;
  readonly to: number;
}

/**
 * The table of events: one row for each kind. A `live` event is told once, by the process that executes the
 * run. The others are kept: they follow from the journal, and are told again when a run is rebuilt from it.
 */
export type EventRow =
  | { readonly event: RunStarted; readonly live: false }
  | { readonly event: RunCompleted; readonly live: false }
  | { readonly event: RunFailed; readonly live: false }
  | { readonly event: RunCancelled; readonly live: false }
  | { readonly event: RunRefused; readonly live: true }
  | { readonly event: RunSuspended; readonly live: true }
  | { readonly event: RunPaused; readonly live: true }
  | { readonly event: RunContinued; readonly live: true }
  | { readonly event: RunWaiting; readonly live: false }
  | { readonly event: RunRetried; readonly live: false }
  | { readonly event: EventsMissed; readonly live: false }
  | { readonly event: StateStarted; readonly live: false }
  | { readonly event: StateCompleted; readonly live: false }
  | { readonly event: StateFailed; readonly live: false }
  | { readonly event: StateRetrying; readonly live: false }
  | { readonly event: StateSkipped; readonly live: false }
  | { readonly event: StateWaiting; readonly live: false }
  | { readonly event: SignalReceived; readonly live: false }
  | { readonly event: StateTransition; readonly live: false }
  | { readonly event: StateOutput; readonly live: true }
  | { readonly event: StateUsage; readonly live: false }
  | { readonly event: QuestionAsked; readonly live: false }
  | { readonly event: QuestionAnswered; readonly live: false };

/** One event of a run, discriminated by `type`. */
export type OrchestrationEvent = EventRow["event"];

/** The event of one type. */
export type EventOf<TType extends OrchestrationEvent["type"]> = Extract<
  OrchestrationEvent,
  { readonly type: TType }
>;

/** An event that is told by the process that executes the run, and by no other. */
export type LiveEvent = Extract<EventRow, { readonly live: true }>["event"];
