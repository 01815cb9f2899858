import type { Json } from "@orch/core";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import { ReplyReader } from "../reply/reply-reader.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { PublicRunPicture } from "../words/public-run.ts";
import {
  type A2aState,
  endStatus,
  idsOf,
  isEnded,
  outputArtifact,
  taskState,
  wordsOf,
} from "./task-object.ts";

/** A task as it is now, and where its events are. */
export interface StandingTask {
  readonly task: object;
  readonly state: A2aState;
  /** The number of its last event. */
  readonly number: number;
  /** The number of the event that told of the last answer; 0 without one. */
  readonly answered: number;
}

/** How much of a task is told. */
export interface TaskView {
  /** At most so many of the last messages. Default: all. */
  readonly historyLength?: number;
  /** Default `true`. */
  readonly withArtifacts?: boolean;
  /** Why an answer was not taken: it is told before the question. */
  readonly refused?: string;
}

/** Reads a task from the events that are kept. A text that is being written is told by the stream of the task. */
export async function standingTask(
  call: DoorCall,
  picture: PublicRunPicture,
  view: TaskView = {},
): Promise<StandingTask> {
  const { run, updatedAt } = picture;
  const { historyLength = Number.MAX_SAFE_INTEGER, withArtifacts = true, refused } = view;
  const events = await call.runs.happened(run, { limit: Number.MAX_SAFE_INTEGER });
  const { end, number, answered } = standOf(events);
  // The events were read after the picture, and may tell of what is later.
  const state = end === undefined ? workingState(picture) : endState(end);
  const plain = { state, timestamp: new Date(updatedAt).toISOString() };
  const artifact = withArtifacts && end?.status === "completed" ? outputArtifact(end.output) : undefined;
  const history = historyLength === 0 ? [] : historyOf(run, events).slice(-historyLength);
  const { taskId: id, contextId } = idsOf(run);
  const task = {
    ...{ id, contextId, status: end === undefined ? plain : endStatus(run, end, updatedAt, refused) },
    ...(artifact !== undefined && { artifacts: [artifact] }),
    ...(history.length > 0 && { history }),
    metadata: { orchestration: picture.orchestration },
  };
  return { task, state, number, answered };
}

/** A task that ended stays as it is. */
export function hasEnded({ state }: StandingTask): boolean {
  return isEnded(state);
}

function workingState({ status }: PublicRunPicture): A2aState {
  return status === "queued" ? "TASK_STATE_SUBMITTED" : "TASK_STATE_WORKING";
}

function endState({ status, questions }: ReplyEnd): A2aState {
  if (status === "asked") return taskState({ status: "waiting", questions });
  return taskState({ status: status === "parked" ? "running" : status, questions: [] });
}

/** How it ended or what it asks, if it does, and where it stands. */
function standOf(
  events: readonly PublicEvent[],
): Omit<StandingTask, "task" | "state"> & { readonly end?: ReplyEnd } {
  const reader = new ReplyReader(0);
  let end: ReplyEnd | undefined;
  let [number, answered] = [0, 0];
  for (const event of events) {
    number = event.number;
    if (event.type === "question.answered") answered = event.number;
    if (event.type === "question.answered" || event.type === "run.retried") end = undefined;
    for (const piece of reader.take(event)) {
      if (piece.type === "end" && piece.status !== "parked") end = piece;
    }
  }
  return { number, answered, ...(end && { end }) };
}

/** What was asked and answered. What a run was started with is not kept for clients. */
function historyOf(run: string, events: readonly PublicEvent[]): readonly object[] {
  return events.flatMap((event) => {
    if (event.type === "question.asked") {
      const { number, question, prompt } = event;
      return [wordsOf(run, `question-${number}`, [textOf(prompt)], { metadata: { question } })];
    }
    if (event.type !== "question.answered" || event.answer === undefined) return [];
    const { number, question, answer } = event;
    return [
      wordsOf(run, `answer-${number}`, [textOf(answer)], { role: "ROLE_USER", metadata: { question } }),
    ];
  });
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
