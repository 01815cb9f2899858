/** The commands that look at runs from another place: `orch runs | inbox | answer | signal | attach | cancel`. */
import type { Invocation } from "../config/args.ts";
import { QuestionMissingError } from "../errors/question-missing-error.ts";
import { UsageError } from "../errors/usage-error.ts";
import { exitCodes } from "../headless/exit-codes.ts";
import { jsonLine } from "../headless/result.ts";
import type { HeadlessOutput } from "../headless/run-headless.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { type SafeText, safe, safeJson, safeText, visibleText } from "../terminal/safe-text.ts";
import { answerQuestion } from "./answer-question.ts";
import { attachRun } from "./attach-run.ts";
import { cancelRun } from "./cancel-run.ts";
import {
  type FolderRun,
  FolderRuns,
  type RunListing,
  shortNames,
  type WaitingQuestion,
} from "./folder-runs.ts";
import { InboxNumbers } from "./inbox-numbers.ts";
import { inboxFacts, inboxRows, runFacts, runRows, shortId, signalFacts, signalRows } from "./run-list.ts";
import { standingOf } from "./run-standing.ts";
import { signalRun } from "./signal-run.ts";

/** A command of this room. */
export type RunInvocation = Extract<
  Invocation,
  { readonly command: "runs" | "inbox" | "answer" | "signal" | "attach" | "cancel" }
>;

/** Carries out one of them, and gives the exit code. */
export async function runHostCommand(
  invocation: RunInvocation,
  setup: Setup,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  if (!invocation.flags.session)
    throw new UsageError({
      problem: `--no-session keeps nothing, so orch ${invocation.command} has no runs to look at.`,
    });
  const runs = await FolderRuns.open(setup);
  try {
    return await act(invocation, runs, setup, doors, output);
  } finally {
    await runs.close();
  }
}

async function act(
  invocation: RunInvocation,
  runs: FolderRuns,
  setup: Setup,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  const { flags } = invocation;
  const isText = flags.output === "text";
  const say = (text: SafeText, facts: object): number => {
    output.stdout.write(isText ? text : jsonLine({ v: 1, ...facts }));
    return exitCodes.done;
  };
  switch (invocation.command) {
    case "runs":
      output.stdout.write(await listed(runs, { all: invocation.all }, isText, doors));
      return exitCodes.done;
    case "inbox":
      return say(...(await inbox(runs, numbersOf(setup), doors)));
    case "answer": {
      notices(setup, output);
      const waiting = await questionOf(invocation.question, runs, numbersOf(setup));
      const { value, driver } = await answerQuestion(waiting, invocation.value, runs, setup);
      const { of } = waiting;
      const short = shortId(of.id, await runs.ids());
      const asked = visibleText(promptText(waiting.question.prompt).replaceAll(/\s+/g, " "));
      const then = goesOn(of, driver, short);
      return say(safe`Answered “${asked}” with ${safeJson(value)}. ${then}\n`, {
        ...{ question: waiting.name, id: waiting.question.id, run: of.id, value },
        ...(driver !== undefined && { driver }),
      });
    }
    case "signal": {
      notices(setup, output);
      const of = await runs.find(invocation.run);
      const { value, driver } = await signalRun(of, invocation, runs, setup);
      const run = of.id;
      const then = goesOn(of, driver, shortId(run, await runs.ids()));
      return say(safe`Sent ${visibleText(invocation.kind)} with ${safeJson(value)}. ${then}\n`, {
        ...{ run, signal: invocation.kind, value },
        ...(invocation.key !== undefined && { key: invocation.key }),
        ...(driver !== undefined && { driver }),
      });
    }
    case "attach": {
      notices(setup, output);
      const run = await runs.find(invocation.run);
      return attachRun(run, { runs, setup, flags, doors, output, from: invocation.from });
    }
    case "cancel": {
      const run = await runs.find(invocation.run);
      await cancelRun(run, runs, doors.clock);
      const short = shortId(run.id, await runs.ids());
      return say(safe`Stopped run ${short} of ${safeText(run.run.orchestration)}.\n`, {
        run: run.id,
        standing: "cancelled",
      });
    }
  }
}

/** Who goes on with a run that has what it waited for. */
function goesOn({ answers }: FolderRun, driver: string | undefined, short: SafeText): SafeText {
  if (driver !== undefined) return safe`${safeText(driver)} goes on with it.`;
  const other = answers === undefined ? safe`orch serve` : safe`orch -c`;
  return safe`Nobody runs it now: orch attach ${short}, or ${other}, goes on.`;
}

async function listed(
  runs: FolderRuns,
  which: RunListing,
  isText: boolean,
  { clock }: Doors,
): Promise<SafeText> {
  const found = await runs.list(which);
  const standing = [];
  for (const of of found) standing.push({ of, ...(await standingOf(of, runs.host)) });
  if (!isText) return jsonLine({ v: 1, runs: runFacts(standing, await runs.spentBy(found)) });
  if (found.length > 0) return runRows(standing, await runs.ids(), clock.now());
  if (which.all) return safe`This folder has no runs yet.\n`;
  const ended = (await runs.ids()).length;
  const others = ended === 0 ? safe`` : safe` orch runs --all lists ${ended} that have ended.`;
  return safe`No run is under way here.${others}\n`;
}

async function inbox(runs: FolderRuns, kept: InboxNumbers, { clock }: Doors): Promise<[SafeText, object]> {
  const asked = await runs.questions();
  const numbers = await kept.of(asked.map(({ name }) => name));
  const waits = await runs.signals();
  const facts = { questions: inboxFacts(asked, numbers), signals: signalFacts(waits) };
  if (asked.length + waits.length === 0) return [safe`Nothing waits for you here.\n`, facts];
  const ids = await runs.ids();
  const signals = signalRows(waits, ids);
  if (asked.length === 0) return [signals, facts];
  const rows = inboxRows(asked, { ids, now: clock.now(), numbers });
  const first = numbers.get(asked[0]!.name) ?? safeText(shortNames(asked)[0]!);
  return [safe`${rows}Answer with: orch answer ${first} <value>\n${signals}`, facts];
}

function numbersOf({ stateFolder, folder }: Setup): InboxNumbers {
  return new InboxNumbers(stateFolder, folder);
}

/** A number is that of the inbox, and never the start of an id: it must not reach another question than the one it stood beside. */
async function questionOf(named: string, runs: FolderRuns, numbers: InboxNumbers): Promise<WaitingQuestion> {
  if (!/^\d{1,3}$/.test(named)) return runs.findQuestion(named);
  const [name, asked] = [await numbers.nameOf(String(Number(named))), await runs.questions()];
  const found = asked.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new QuestionMissingError({ question: named, open: asked.length, gone: name !== undefined });
}

/** What was skipped for want of trust may be what the code of a run is missing. */
function notices({ notices }: Setup, { stderr }: HeadlessOutput): void {
  for (const notice of notices) stderr.write(safe`orch: ${safeText(notice)}\n`);
}
