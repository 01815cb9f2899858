/** A question of a tool in the middle of its call: asked in the queue of the run, and seen by its readers. */
import type { ToolQuestion } from "../agent/tool.ts";
import { DecisionError } from "../errors/decision-error.ts";
import type { PendingCall } from "../words/result.ts";
import type { CallScope } from "./call-scope.ts";
import type { ToolTime } from "./tool-time.ts";

/** What a question of a tool needs of its call. */
export interface AskingCall {
  readonly call: PendingCall;
  readonly place: string;
  readonly signal: AbortSignal;
  readonly time: ToolTime;
}

/** Asks a person for a tool, while the time of its call stands still. Loaded when a tool asks for the first time. */
export async function toolAsk<TAnswer>(
  { onQuestion, questions, emit }: Pick<CallScope, "onQuestion" | "questions" | "emit">,
  { call, place, signal, time }: AskingCall,
  question: ToolQuestion<TAnswer>,
): Promise<TAnswer> {
  const { id, name } = call;
  const { prompt } = question;
  const goOn = time.pause();
  try {
    return await questions(async () => {
      signal.throwIfAborted();
      emit({ type: "tool.question", id, name, prompt, status: "asked" });
      let status: "answered" | "left" = "left";
      try {
        const given = await unlessAborted(async () => onQuestion?.(question, call, signal, place), signal);
        const answer = await checked(question, given, id);
        status = "answered";
        return answer;
      } finally {
        emit({ type: "tool.question", id, name, prompt, status });
      }
    });
  } finally {
    goOn();
  }
}

async function checked<TAnswer>(
  { answer }: ToolQuestion<TAnswer>,
  given: unknown,
  callId: string,
): Promise<TAnswer> {
  const read = await answer["~standard"].validate(given);
  if (read.issues === undefined) return read.value;
  const problem = read.issues.map(({ message }) => message).join("; ");
  throw new DecisionError({ reason: "unfit", callId, problem });
}

/** The answer, or the rejection of the signal: a call that is given up waits for nobody. */
function unlessAborted<TValue>(ask: () => Promise<TValue>, signal: AbortSignal): Promise<TValue> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    ask()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}
