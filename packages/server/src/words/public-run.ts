/** Runs as a caller sees them: only those of its principal, and only of orchestrations that are public. */
import type { Json, JsonSchema } from "@orch/core";
import type { PublicError, PublicEvent } from "./public-event.ts";

/** An orchestration as it is offered. */
export interface PublicOrchestration {
  /** The name under which it is public. */
  readonly name: string;
  readonly description?: string;
  /** What its input has to look like; absent where nothing is known of it. */
  readonly input?: JsonSchema;
  /** What it gives. */
  readonly output?: JsonSchema;
  /** The kinds of signals that a run of it takes. */
  readonly signals: readonly string[];
  /** Its states, in the order in which they are declared. */
  readonly states: readonly string[];
}

/** Where a run is. `parked`: no process drives it now. */
export type PublicRunStatus =
  | "running"
  | "waiting"
  | "queued"
  | "paused"
  | "completed"
  | "failed"
  | "cancelled";

/** A run in a list. */
export interface PublicRunSummary {
  readonly run: string;
  readonly orchestration: string;
  readonly status: PublicRunStatus;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Tokens read and written so far. */
  readonly tokens: number;
  /** In US dollars, as far as prices are known. */
  readonly cost: number;
}

/** A question that waits for its answer. */
export interface PublicQuestion {
  readonly question: string;
  readonly path: string;
  readonly prompt: Json;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  readonly schema?: JsonSchema;
}

/** A picture of a run at one moment. */
export interface PublicRunPicture extends PublicRunSummary {
  /** The states that are open now. */
  readonly open: readonly { readonly path: string; readonly state: string; readonly kind: string }[];
  readonly questions: readonly PublicQuestion[];
  /** The kinds of signals that states wait for now. */
  readonly waits: readonly string[];
  /** What a run gave that has completed. */
  readonly output?: Json;
  /** Why a run failed. */
  readonly error?: PublicError;
  /** Why a run was cancelled. */
  readonly reason?: string;
}

/** How events are read. */
export interface FollowOptions {
  /** The `id` of the last event that was seen, of this stream or of one before a restart. Default: from the first event. */
  readonly after?: string;
  /** Ends the reading when it aborts. What is followed goes on. */
  readonly signal?: AbortSignal;
}

/** The events of a run or a turn, one after the other. Leaving the loop ends the reading, and nothing else. */
export interface EventReading extends AsyncGenerator<PublicEvent, void, undefined> {
  /** What is read had ended when the reading began: it waits for nothing, and who saw the end gets no event. */
  readonly isOver: boolean;
}

/** Which runs are listed, newest first. */
export interface RunsQuery {
  readonly orchestration?: string;
  readonly status?: PublicRunStatus;
  /** At most so many; default 50, at most 200. */
  readonly limit?: number;
  /** The last run of the page before. */
  readonly after?: string;
}

/**
 * The runs of one principal. Every call but `start` and `list` throws `ORCH_SERVER_UNKNOWN` (404) for a run that is not there,
 * is one of another principal, or of an orchestration that is not public: these look the same.
 */
export interface Runs {
  /** What can be started, in the order of the server's options. */
  readonly orchestrations: readonly PublicOrchestration[];
  /**
   * Starts a run, which goes on whether or not anybody follows it, and gives its id once it is kept. With an `id` of the
   * caller's own a second start of the same id gives the run that is there, so that a start can be sent again.
   *
   * @throws `ORCH_SERVER_UNKNOWN` for a name that is not public, `ORCH_INVALID_INPUT`, `ORCH_SERVER_LIMIT`.
   */
  readonly start: (
    orchestration: string,
    input: unknown,
    options?: { readonly id?: string },
  ) => Promise<string>;
  /** The events of a run until it has ended. Leaving the loop does not stop the run. */
  readonly follow: (run: string, options?: FollowOptions) => Promise<EventReading>;
  /** What happened until now, without live events; it waits for nothing. At most `limit` events after `after`. */
  readonly happened: (
    run: string,
    page: { readonly after?: string; readonly limit: number },
  ) => Promise<readonly PublicEvent[]>;
  /** Answers a question. @throws `ORCH_UNKNOWN_QUESTION`, `ORCH_ALREADY_ANSWERED`, `ORCH_QUESTION_CLOSED`, `ORCH_INVALID_ANSWER`. */
  readonly answer: (run: string, question: string, value: unknown) => Promise<void>;
  /** Sends a signal. @throws `ORCH_UNKNOWN_SIGNAL`, `ORCH_INVALID_SIGNAL`, `ORCH_MAILBOX_FULL`, `ORCH_RUN_ENDED`. */
  readonly signal: (
    run: string,
    kind: string,
    value: unknown,
    options?: { readonly key?: string },
  ) => Promise<void>;
  /** Stops a run; resolves when it has ended as cancelled. @throws `ORCH_RUN_ENDED` when it ended otherwise. */
  readonly cancel: (run: string, reason?: string) => Promise<void>;
  readonly describe: (run: string) => Promise<PublicRunPicture>;
  readonly list: (query?: RunsQuery) => Promise<readonly PublicRunSummary[]>;
}
