import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { UnusedAnswerError } from "../errors/unused-answer-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { receiveSignal } from "../kernel/mailbox.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { Completion, SignalCompletion } from "../kernel/transition.ts";
import { checkedSignal } from "../run/send-signal.ts";
import type { Codec } from "./codec.ts";
import type { Folded } from "./folded.ts";
import { findQuestion } from "./open-questions.ts";
import { errorJson } from "./revive.ts";
import type { AnswerRequest, StoredRequest, Verdict } from "./stored-request.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** A kept answer to what a running runnable asks. */
export interface UncheckedAnswer {
  /** The number of its request. */
  readonly number: number;
  readonly value: unknown;
  /** The activation that asks. */
  readonly path: string;
}

/** A kept answer to a question state, or a kept signal, as it arrives in the run. */
export interface KeptArrival {
  /** The number of its request. */
  readonly number: number;
  readonly completion: Extract<Completion, { kind: "completed" }> | SignalCompletion;
}

/** The kept answers and signals of a run that is taken up. */
export interface KeptAnswers {
  /** Answers to question states, and signals, checked, oldest first: they are taken in this order, before anything else happens. */
  readonly arrivals: readonly KeptArrival[];
  /** Answers to what a running runnable asks, which alone has the schema, by question. */
  readonly unchecked: ReadonlyMap<string, UncheckedAnswer>;
  /** About answers that end nothing any more. */
  readonly verdicts: readonly Verdict[];
}

/** What is read of the run for which they were kept. */
type KeptIn = Pick<Folded, "run" | "open" | "questions">;

/**
 * What the kept answers and signals of a run do with this definition. What has no place in it is refused where the run is cancelled.
 *
 * @throws UnusedAnswerError, UnknownSignalError or InvalidSignalError when one of them has no place in it.
 */
export async function judgeKept(
  requests: readonly StoredRequest[],
  folded: KeptIn,
  orchestration: AnyOrchestration,
  codec: Codec,
  isCancelled: boolean,
): Promise<KeptAnswers> {
  const arrivals: KeptArrival[] = [];
  const unchecked = new Map<string, UncheckedAnswer>();
  const verdicts: Verdict[] = [];
  const refuse = (number: number, error: Error): void =>
    void verdicts.push({ number, state: "refused", detail: errorJson(error) });
  const judge = async ({ runId, number, request }: StoredRequest): Promise<void> => {
    if (request.type === "cancel") return;
    const value = codec.decode(request.value);
    if (request.type === "signal") {
      const { signal: name, key } = request;
      const checked = await checkedSignal({ runId, run: folded.run }, name, value);
      const signal = { name, key, value: checked.value };
      arrivals.push({ number, completion: { kind: "signal", signal, receive: receiveSignal } });
      return;
    }
    const { question } = request;
    const found = findQuestion(folded, question);
    const operation = found?.answer === undefined ? undefined : folded.open.get(found.path);
    if (found?.answer !== undefined && operation !== undefined) {
      const result = await found.answer["~standard"].validate(value);
      const { issues } = result;
      if (issues !== undefined) refuse(number, new InvalidAnswerError({ runId, question, issues }));
      else arrivals.push({ number, completion: { kind: "completed", operation, value: result.value } });
    } else if (found !== undefined) unchecked.set(question, { number, value, path: found.path });
    else if (folded.questions.isAnswered(question)) verdicts.push({ number, state: "taken" });
    else if (folded.questions.isKnown(question))
      refuse(number, folded.questions.refusal(runId, question, []));
    else refuseUnused(runId, request, folded, orchestration);
  };
  for (const one of requests) {
    if (one.state !== "kept") continue;
    try {
      await judge(one);
    } catch (error) {
      if (!isCancelled) throw error;
      refuse(one.number, error as Error);
    }
  }
  return { arrivals, unchecked, verdicts };
}

/**
 * An answer that counts may wait for a question that a state in the middle of its work will ask again. It has none where the state asks
 * nothing any more, or has another name.
 */
function refuseUnused(
  runId: string,
  { question }: AnswerRequest,
  { open }: KeptIn,
  orchestration: AnyOrchestration,
): void {
  const asks = (operation: Activation): boolean =>
    (operation.node as WaitNode | undefined)?.question !== undefined;
  for (const operation of open.values())
    if (operation.path === question ? asks(operation) : question.startsWith(`${operation.path}/`)) return;
  const { version } = versionOf(orchestration);
  throw new UnusedAnswerError({ runId, question, orchestration: orchestration.id, version });
}
