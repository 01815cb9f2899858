/**
 * What leaves the process of a run or a turn, as plain JSON:
 *
 *     turn.started                       a message is being answered; in conversations only
 *       run.started
 *         state.started                  one state begins
 *           text.delta *                 a piece of text; `answer` where it belongs to the answer
 *           text.cut                     what the state said until now counts no more
 *           tool.started  tool.progress *  tool.completed
 *           usage *
 *         state.completed | state.failed
 *         state.moved                    why the machine moved
 *         question.asked -> question.answered
 *       run.waiting                      it goes on only after an answer or a signal
 *       run.completed | run.failed | run.cancelled
 *     turn.completed | turn.failed | turn.cancelled
 *
 * No input of a state, no data of a provider, no stack and no path of a file is in it.
 */
import type { Json, JsonSchema } from "@orch/core";

/** What every public event says. */
export interface PublicEventBase {
  /** Where a reader goes on who has seen this event: the `Last-Event-ID`. A client hands it back as it is. */
  readonly id: string;
  /** The number of the kept event, from 1; a live event has the number of the kept event before it. Numbers go on after a restart. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** What every public event of one state says. */
export interface PublicStateBase extends PublicEventBase {
  /** Names one visit of one state, like `research/search#1`; the same after a restart. */
  readonly path: string;
  /** The id of the state. */
  readonly state: string;
}

/** A failure as it may be shown: a code, and a sentence without a stack, a path of a file or a secret. */
export interface PublicError {
  /** Stable, like `ORCH_BUDGET`; see `docs/errors.md`. */
  readonly code: string;
  readonly message: string;
}

/** A message is being answered. */
export interface PublicTurnStarted extends PublicEventBase {
  readonly type: "turn.started";
  readonly turn: string;
  /** The text of the message. */
  readonly text: string;
}
/** A message has its answer. */
export interface PublicTurnCompleted extends PublicEventBase {
  readonly type: "turn.completed";
  readonly turn: string;
  /** The whole answer; absent where all of it was told in pieces (`said`). */
  readonly text?: string;
  /** The pieces with `answer`, put together, are the answer. */
  readonly said?: true;
  /** What the orchestration gave, where it is more than a text. */
  readonly value?: Json;
  readonly usage?: PublicUsage;
}
/** A message has no answer, because something failed. */
export interface PublicTurnFailed extends PublicEventBase {
  readonly type: "turn.failed";
  readonly turn: string;
  readonly error: PublicError;
}
/** A message has no answer, because its turn was stopped. */
export interface PublicTurnCancelled extends PublicEventBase {
  readonly type: "turn.cancelled";
  readonly turn: string;
  readonly reason: string;
}

/** The first event of a run. */
export interface PublicRunStarted extends PublicEventBase {
  readonly type: "run.started";
  /** The name under which the orchestration is public. */
  readonly orchestration: string;
}
/** The run goes on only after one of these questions is answered, or one of these signals comes. */
export interface PublicRunWaiting extends PublicEventBase {
  readonly type: "run.waiting";
  readonly questions: readonly string[];
  readonly signals: readonly string[];
}
/** The run is over, and this is what it gave. */
export interface PublicRunCompleted extends PublicEventBase {
  readonly type: "run.completed";
  readonly output?: Json;
  /** The output is that of the state at this path, whose text or output was told before; `output` is absent then. */
  readonly of?: string;
  /** In milliseconds. */
  readonly duration: number;
}
/** The run ended with an error. */
export interface PublicRunFailed extends PublicEventBase {
  readonly type: "run.failed";
  readonly error: PublicError;
  readonly duration: number;
}
/** The run was stopped. */
export interface PublicRunCancelled extends PublicEventBase {
  readonly type: "run.cancelled";
  readonly reason: string;
  readonly duration: number;
}
/** The run goes on after its end: what failed is tried again. */
export interface PublicRunRetried extends PublicEventBase {
  readonly type: "run.retried";
}
/** A signal came for the run. */
export interface PublicSignalReceived extends PublicEventBase {
  readonly type: "signal.received";
  readonly signal: string;
}

/** A state begins. */
export interface PublicStateStarted extends PublicStateBase {
  readonly type: "state.started";
  /** What it is: `runnable`, `each`, `question` and so on. */
  readonly kind: string;
  readonly visit: number;
  /** How many branches a fan-out has. */
  readonly branches?: number;
}
/** A state gave its output. */
export interface PublicStateCompleted extends PublicStateBase {
  readonly type: "state.completed";
  readonly output?: Json;
  /** The output is the text that was told in pieces; `output` is absent then. Without it a text in `output` stands in place of the pieces. */
  readonly said?: true;
  readonly duration: number;
}
/** A state failed, or was stopped from outside (`cancelled`). */
export interface PublicStateFailed extends PublicStateBase {
  readonly type: "state.failed";
  readonly error: PublicError;
  readonly cancelled: boolean;
  readonly duration: number;
}
/** An attempt failed and is made again after `delay` milliseconds. */
export interface PublicStateRetrying extends PublicStateBase {
  readonly type: "state.retrying";
  readonly attempt: number;
  readonly delay: number;
  readonly error: PublicError;
}
/** A branch was left out, because its condition did not hold. */
export interface PublicStateSkipped extends PublicStateBase {
  readonly type: "state.skipped";
}
/** The machine moved from the state at `path` to another. */
export interface PublicStateMoved extends PublicEventBase {
  readonly type: "state.moved";
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly cause: "output" | "error" | "rerun";
  /** The label of the edge that was taken, where it has one. */
  readonly label?: string;
}

/** A piece of text that a state says. It is live: a piece that was missed comes with the whole text at the end of its state. */
export interface PublicTextDelta extends PublicStateBase {
  readonly type: "text.delta";
  readonly text: string;
  /** The state speaks for the whole: its text is the answer, and not an aside of a state before. */
  readonly answer: boolean;
}
/** What the state at `path` said until now was cut: its attempt was given up, or its process ended. It may say it anew. */
export interface PublicTextCut extends PublicEventBase {
  readonly type: "text.cut";
  readonly path: string;
}

/** A tool is called. */
export interface PublicToolStarted extends PublicStateBase {
  readonly type: "tool.started";
  /** Names the call in its state. */
  readonly call: string;
  readonly tool: string;
  readonly input: Json;
}
/** A tool tells how far it is. */
export interface PublicToolProgress extends PublicStateBase {
  readonly type: "tool.progress";
  readonly call: string;
  readonly tool: string;
  readonly data: Json;
}
/** A tool answered, or could not. */
export interface PublicToolCompleted extends PublicStateBase {
  readonly type: "tool.completed";
  readonly call: string;
  readonly tool: string;
  readonly result: Json;
  readonly failed: boolean;
  readonly duration: number;
}

/** Tokens and money of one call. */
export interface PublicUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** In US dollars; absent when the price is unknown. */
  readonly cost?: number;
  /** As `provider/model`. */
  readonly model?: string;
}
/** Tokens and money that a state used. */
export interface PublicUsageCounted extends PublicStateBase {
  readonly type: "usage";
  readonly usage: PublicUsage;
}

/** A person is asked. Answer with `question`. */
export interface PublicQuestionAsked extends PublicStateBase {
  readonly type: "question.asked";
  readonly question: string;
  readonly prompt: Json;
  /** What an answer has to look like. */
  readonly schema?: JsonSchema;
}
/** A question has its answer, or asks no more. */
export interface PublicQuestionAnswered extends PublicStateBase {
  readonly type: "question.answered";
  readonly question: string;
  /** What was answered; absent where it was not. */
  readonly answer?: Json;
  /** It was not answered: its state ended, or did not wait any longer. */
  readonly closed?: true;
}

/** Live data of a channel of the program's own, which its orchestration made public. */
export interface PublicData extends PublicStateBase {
  readonly type: "data";
  readonly channel: string;
  readonly data: Json;
}
/** This process let go of the run or the turn; it goes on when it is taken up. */
export interface PublicParked extends PublicEventBase {
  readonly type: "parked";
}

/** Everything that happens in a run, as it may leave the process; discriminated by `type`. */
export type PublicEvent =
  | PublicTurnStarted
  | PublicTurnCompleted
  | PublicTurnFailed
  | PublicTurnCancelled
  | PublicRunStarted
  | PublicRunWaiting
  | PublicRunCompleted
  | PublicRunFailed
  | PublicRunCancelled
  | PublicRunRetried
  | PublicSignalReceived
  | PublicStateStarted
  | PublicStateCompleted
  | PublicStateFailed
  | PublicStateRetrying
  | PublicStateSkipped
  | PublicStateMoved
  | PublicTextDelta
  | PublicTextCut
  | PublicToolStarted
  | PublicToolProgress
  | PublicToolCompleted
  | PublicUsageCounted
  | PublicQuestionAsked
  | PublicQuestionAnswered
  | PublicData
  | PublicParked;
