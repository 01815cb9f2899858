/** What an attachment to a run works with, and what it says of a run that waits. */
import type { Flags } from "../config/args.ts";
import { QuestionAskedError } from "../errors/question-asked-error.ts";
import type { HeadlessResult } from "../headless/result.ts";
import type { HeadlessOutput } from "../headless/run-headless.ts";
import type { Doors } from "../process/doors.ts";
import type { OpenQuestion } from "../sessions/open-questions.ts";
import { shortQuestionName } from "../sessions/short-id.ts";
import type { Setup } from "../setup/compose.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import type { FolderRun, FolderRuns } from "./folder-runs.ts";
import { namesOf } from "./run-code.ts";

/** Somebody follows a run from another place. */
export interface Attachment {
  readonly runs: FolderRuns;
  readonly setup: Setup;
  readonly flags: Flags;
  readonly doors: Doors;
  readonly output: HeadlessOutput;
  /** The first event to tell, from 1. */
  readonly from: number;
}

/** What is known of the result before there is one. */
export function aboutRun(run: FolderRun): Pick<HeadlessResult, "session" | "orchestration" | "model"> {
  const { answers } = run;
  return { ...(answers && { session: answers.session.id }), ...namesOf(run) };
}

/** Whether somebody sits here who can see that a run waits, and answer from elsewhere. */
export function isAttended({ stdin, stdout }: Doors): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}

/** The end of an attachment where nobody sits. */
export function questionAsked({ run, answers }: FolderRun, { id, prompt }: OpenQuestion): QuestionAskedError {
  const name = shortQuestionName(run.runId, id);
  const typed = answers === undefined ? { typed: true } : {};
  return new QuestionAskedError({ question: id, prompt: promptText(prompt), name, ...typed });
}

/** Says on a terminal that the run waits, and how it is answered. */
export function tellWaiting({ run }: FolderRun, { id, prompt }: OpenQuestion, output: HeadlessOutput): void {
  const name = shortQuestionName(run.runId, id);
  // On a terminal the line above has the prompt.
  const asks = visibleText(promptText(prompt).replaceAll("\n", " "));
  const what = output.stderr.isTTY ? safe`` : safe`⏸ ${asks}\n`;
  output.stderr.write(safe`${what}  Answer it from elsewhere: orch answer ${safeText(name)} <value>\n`);
}
