/**
 * One process of the meetings: `hold-meetings.ts FILE SEED PROCESS`. A line `FIRST LAST AT question|signal` has it do its part of these
 * meetings, which start at this moment (milliseconds since the epoch). It tells `did MEETING ACT OUTCOME` for each act of
 * its own, and then `done ABOUT FIRST`.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { sqliteHost } from "../src/index.ts";
import { type Act, type Meeting, meeting, paid, shapes, signalMeeting, waiting } from "./meetings.ts";

const [file = "", seed = "", me = ""] = process.argv.slice(2);
const host = sqliteHost(file);
const tell = (...words: readonly unknown[]): void => void writeSync(1, `${words.join(" ")}\n`);

const until = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

/** How an act went: `accepted`, or a code and what was faster. On a busy machine it may come before the run asks: then again. */
async function outcome(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "accepted";
  } catch (error) {
    if (EARLY.has((error as { code?: string }).code ?? "")) {
      await until(Date.now() + 20);
      return outcome(act);
    }
    const { code, facts } = error as { code?: string; facts?: { by?: string; status?: string } };
    return [code ?? String(error).replaceAll("\n", " "), facts?.by ?? facts?.status ?? ""].join(" ").trim();
  }
}

const EARLY: ReadonlySet<string> = new Set(["ORCH_UNKNOWN_RUN", "ORCH_UNKNOWN_QUESTION"]);

type Met = Omit<Meeting, "shape"> & Partial<Pick<Meeting, "shape">>;

/** What a meeting is about, and the id of its question. */
const subject = ({ shape }: Met) => (shape === undefined ? { flow: waiting, id: "" } : shapes[shape]);

async function begin(met: Met): Promise<void> {
  const { runId, isParked } = met;
  const run = subject(met).flow.start(undefined as never, { host, runId });
  run.result.catch(() => {});
  if (!isParked) return void (await run.result.catch(() => {}));
  for await (const { type } of run.events()) if (type === "question.asked" || type === "state.waiting") break;
  await run.suspend();
}

async function perform(met: Met, { kind, key }: Act, index: number): Promise<void> {
  const { flow, id } = subject(met);
  const { runId } = met;
  if (kind === "answer")
    tell("did", runId, index, await outcome(() => host.answer(flow, runId, id, `a${index}`)));
  else if (kind === "signal") {
    const send = () => host.signal(flow, runId, paid, `a${index}`, { key: key! });
    tell("did", runId, index, await outcome(send));
  } else if (kind === "cancel")
    tell("did", runId, index, await outcome(() => host.cancel(flow, runId, `c${index}`)));
  else {
    const run = await host.resume(flow, runId).catch(() => undefined);
    await run?.result.catch(() => {});
  }
}

async function hold(first: number, last: number, at: number, about: string): Promise<void> {
  const parts: Promise<void>[] = [];
  for (let number = first; number < last; number++) {
    const one = about === "signal" ? signalMeeting(Number(seed), number) : meeting(Number(seed), number);
    if (one.driver === Number(me)) parts.push(until(at).then(() => begin(one)));
    one.acts.forEach((act, index) => {
      if (act.by === Number(me)) parts.push(until(at + act.at).then(() => perform(one, act, index)));
    });
  }
  await Promise.all(parts);
  tell("done", about, first);
}

tell("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [first, last, at, about] = line.split(" ");
  await hold(Number(first), Number(last), Number(at), about!);
}
await host.close();
