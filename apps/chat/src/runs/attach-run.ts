/** `orch attach`: follows a run to its end from another place, and goes on with it where nobody does. */
import { modelName } from "@orch/agents";
import { ChatRuntime } from "@orch/chat-runtime";
import { followTurn } from "../headless/run-headless.ts";
import type { OpenQuestion } from "../sessions/open-questions.ts";
import { type Attachment, aboutRun, isAttended, questionAsked, tellWaiting } from "./attachment.ts";
import { driveTyped } from "./drive-typed.ts";
import type { AnsweredMessage, FolderRun } from "./folder-runs.ts";
import { followRun } from "./follow-run.ts";
import { choiceOf } from "./run-code.ts";

/**
 * Follows the run, and gives the exit code when it has ended.
 *
 * @throws QuestionAskedError (`ORCH_QUESTION_ASKED`) when it waits for a person and nobody sits here, InterruptedError
 * (`ORCH_INTERRUPTED`) after a signal, which leaves the run where it is, and what the run failed with.
 */
export async function attachRun(run: FolderRun, attachment: Attachment): Promise<number> {
  const { output, runs } = attachment;
  const { runId } = run.run;
  output.known({ ...aboutRun(run), runId: run.id });
  let { from } = attachment;
  for (;;) {
    const { status, holder } = (await runs.host.get(runId)) ?? run.run;
    const hasEnded = status !== "running" && status !== "waiting";
    const isLeft = !hasEnded && holder === undefined;
    if (isLeft) await refuseUnattended(run, attachment);
    if (isLeft && run.answers !== undefined) return goOn(run, run.answers, { ...attachment, from });
    const followed = await (isLeft ? driveTyped : followRun)(run, { ...attachment, from });
    if (followed.code !== undefined) return followed.code;
    from = followed.next;
  }
}

/** A run that waits for a person is left where it is when nobody sits here. An answer that is kept lets it go on. */
async function refuseUnattended(run: FolderRun, { runs, doors }: Attachment): Promise<void> {
  const kept = runs.host.run(run.run.runId);
  const [described, open] = await Promise.all([kept.describe(), kept.questions()]);
  const [first] = open;
  const isAnswered = described.questions.length > open.length;
  if (first !== undefined && described.status === "waiting" && !isAnswered && !isAttended(doors))
    throw questionAsked(run, first);
}

/** Goes on with the turn of a run that nobody drives, as the chat does at Enter. */
async function goOn(
  run: FolderRun,
  { session, turn }: AnsweredMessage,
  attachment: Attachment,
): Promise<number> {
  const { runs, setup, flags, doors, output, from } = attachment;
  const { model, configuration } = await setup.compose(await choiceOf(run, setup, flags.model));
  await using runtime = new ChatRuntime(configuration, {
    ...{ store: runs.store, host: runs.host, sessionId: session.id },
    ...{ clock: doors.clock, random: doors.random },
  });
  await runtime.open();
  const framing = {
    about: { ...aboutRun(run), model: modelName(model.id) },
    notices: [],
    format: flags.output,
    ...{ leaves: true, from },
    ...(isAttended(doors) && { waits: (question: OpenQuestion) => tellWaiting(run, question, output) }),
  };
  // Awaited here, because the runtime is closed at the end of this function.
  return await followTurn(runtime, () => runtime.retry(turn.id), framing, doors, output);
}
