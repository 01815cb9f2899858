/** What a client asks of a run that is driven elsewhere, with the errors of its refusals. */
import { type Codec, strictJson } from "../durable/codec.ts";
import { AlreadyAnsweredError } from "../errors/already-answered-error.ts";
import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { InvalidSignalError } from "../errors/invalid-signal-error.ts";
import { MailboxFullError } from "../errors/mailbox-full-error.ts";
import { checkReason } from "../errors/option-error.ts";
import { QuestionClosedError } from "../errors/question-closed-error.ts";
import { RunEndedError } from "../errors/run-ended-error.ts";
import { UnknownQuestionError } from "../errors/unknown-question-error.ts";
import { UnknownSignalError } from "../errors/unknown-signal-error.ts";
import type { SchemaIssue } from "../words/schema.ts";
import type { SignalOptions } from "../words/signal.ts";
import type { RunClient } from "./client-host.ts";
import type { ClosedQuestion } from "./closed-question.ts";

/** A run, and the client that reaches it. */
export interface CalledRun {
  readonly runId: string;
  readonly client: RunClient;
  /** Default: plain JSON. */
  readonly codec?: Codec;
}

/**
 * Answers a question of a run that is driven elsewhere. `open` are the ids of the questions that are known to be open.
 *
 * @throws UnknownQuestionError, AlreadyAnsweredError, QuestionClosedError, InvalidAnswerError; the answer changed nothing.
 */
export async function answerRun(
  { runId, client, codec = strictJson }: CalledRun,
  question: string,
  value: unknown,
  open: () => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  const json = codec.encode(value, `the answer to "${question}"`) ?? null;
  const taken = await client.answer(runId, question, json);
  if (taken === "taken") return;
  const facts = { runId, question };
  if (taken === "duplicate") throw new AlreadyAnsweredError(facts);
  if (isClosed(taken)) throw new QuestionClosedError({ ...facts, by: taken.by, reason: taken.reason });
  if (taken !== "unknown") throw new InvalidAnswerError({ ...facts, issues: taken });
  throw new UnknownQuestionError({ ...facts, open: await open() });
}

/**
 * Sends a signal to a run that is driven elsewhere. `limit` is how many of its kind a run keeps, for the error that says so.
 *
 * @throws UnknownSignalError, InvalidSignalError, MailboxFullError, RunEndedError; the run has not received it.
 */
export async function signalRun(
  { runId, client, codec = strictJson }: CalledRun,
  { name: signal, limit }: { readonly name: string; readonly limit: number },
  value: unknown,
  options: SignalOptions,
): Promise<void> {
  const facts = { runId, signal };
  const json = codec.encode(value, `the value of the signal "${signal}"`) ?? null;
  const taken = (await client.signal?.(runId, signal, json, options)) ?? "unknown";
  if (taken === "taken") return;
  if (taken === "full") throw new MailboxFullError({ ...facts, limit });
  if (taken === "unknown") throw new UnknownSignalError({ ...facts, known: [] });
  if (taken !== "ended") throw new InvalidSignalError({ ...facts, issues: taken });
  const { kind: status } = await client.end(runId);
  throw new RunEndedError({ runId, status }, "signalled");
}

/**
 * Cancels a run that is driven elsewhere, and resolves when it has ended as cancelled.
 *
 * @throws RunEndedError when it has ended otherwise.
 */
export async function cancelRun({ runId, client }: CalledRun, reason: string): Promise<void> {
  checkReason(reason);
  await client.cancel(runId, reason);
  const { kind: status } = await client.end(runId);
  if (status !== "cancelled") throw new RunEndedError({ runId, status });
}

function isClosed(taken: string | ClosedQuestion | readonly SchemaIssue[]): taken is ClosedQuestion {
  return typeof taken === "object" && "kind" in taken;
}
