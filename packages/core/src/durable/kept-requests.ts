import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { UnusedAnswerError } from "../errors/unused-answer-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { SentSignal } from "../kernel/mailbox.ts";
import type { WaitNode } from "../kernel/node.ts";
import { checkedSignal } from "../run/send-signal.ts";
import type { Codec } from "./codec.ts";
import { openQuestions } from "./open-questions.ts";
import { errorJson } from "./revive.ts";
import type { AnswerRequest, StoredRequest, Verdict } from "./stored-request.ts";
import type { StoredJournal } from "./stored-runs.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** A kept answer, with the number of its request. */
export interface KeptAnswer {
  readonly number: number;
  readonly value: unknown;
}

/** A kept answer to what a running runnable asks. */
export interface UncheckedAnswer extends KeptAnswer {
  /** The activation that asks. */
  readonly path: string;
}

/** A kept signal, checked. */
export interface KeptSignal extends SentSignal {
  /** The number of its request. */
  readonly number: number;
}

/** The kept answers and signals of a run that is taken up. */
export interface KeptAnswers {
  /** To question states, checked: they are taken before anything else happens. */
  readonly checked: ReadonlyMap<Activation, KeptAnswer>;
  /** To what a running runnable asks, which alone has the schema, by question. */
  readonly unchecked: ReadonlyMap<string, UncheckedAnswer>;
  /** Signals, oldest first: they are taken before anything else happens. */
  readonly signals: readonly KeptSignal[];
  /** About answers that end nothing any more. */
  readonly verdicts: readonly Verdict[];
}

/**
 * What the kept answers and signals of a run do with this definition. What has no place in it is refused where the run is cancelled.
 *
 * @throws UnusedAnswerError, UnknownSignalError or InvalidSignalError when one of them has no place in it.
 */
export async function judgeKept(
  requests: readonly StoredRequest[],
  { folded }: Pick<StoredJournal, "folded">,
  orchestration: AnyOrchestration,
  codec: Codec,
  isCancelled: boolean,
): Promise<KeptAnswers> {
  const checked = new Map<Activation, KeptAnswer>();
  const unchecked = new Map<string, UncheckedAnswer>();
  const signals: KeptSignal[] = [];
  const verdicts: Verdict[] = [];
  const open = openQuestions(folded);
  const refuse = (number: number, error: Error): void =>
    void verdicts.push({ number, state: "refused", detail: errorJson(error) });
  const judge = async ({ runId, number, request }: StoredRequest): Promise<void> => {
    if (request.type === "cancel") return;
    const value = codec.decode(request.value);
    if (request.type === "signal") {
      const { signal: name, key } = request;
      const checked = await checkedSignal({ runId, run: folded.run }, name, value);
      signals.push({ number, name, key, value: checked.value });
      return;
    }
    const { question } = request;
    const found = open.find(({ id }) => id === question);
    const operation = found?.answer === undefined ? undefined : folded.open.get(found.path);
    if (found?.answer !== undefined && operation !== undefined) {
      const result = await found.answer["~standard"].validate(value);
      if (result.issues === undefined) checked.set(operation, { number, value: result.value });
      else refuse(number, new InvalidAnswerError({ runId, question, issues: result.issues }));
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
  return { checked, unchecked, signals, verdicts };
}

/**
 * An answer that counts may wait for a question that a state in the middle of its work will ask again. It has none where the state asks
 * nothing any more, or has another name.
 */
function refuseUnused(
  runId: string,
  { question }: AnswerRequest,
  { open }: StoredJournal["folded"],
  orchestration: AnyOrchestration,
): void {
  const asks = (operation: Activation): boolean =>
    (operation.node as WaitNode | undefined)?.question !== undefined;
  for (const operation of open.values())
    if (operation.path === question ? asks(operation) : question.startsWith(`${operation.path}/`)) return;
  const { version } = versionOf(orchestration);
  throw new UnusedAnswerError({ runId, question, orchestration: orchestration.id, version });
}
