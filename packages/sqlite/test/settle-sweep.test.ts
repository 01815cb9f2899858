/**
 * Bar of the rule "settle in the store": whatever meets over one question, one wins, and each loser is told which one; and of
 * signals each that was accepted is received once.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { OrchestrationEvent } from "@orch/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { sqliteHost } from "../src/index.ts";
import { meeting, PROCESSES, shapes, signalMeeting, waiting } from "./meetings.ts";

const MEETINGS = budget("meetings");
/** How many meetings go on at the same time. */
const AT_ONCE = 40;
/** The states of a run that wait for a signal. */
const WAITS = 2;
const CHILD = join(import.meta.dirname, "hold-meetings.ts");

let folder = "";
const processes: ChildProcess[] = [];
let host: ReturnType<typeof sqliteHost>;
/** The processes that meet. */
let tellers: readonly Teller[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-meetings-"));
  const file = join(folder, "runs.db");
  host = sqliteHost(file);
  tellers = Array.from({ length: PROCESSES }, (_, number) => new Teller(number, file));
  await Promise.all(tellers.map((teller) => teller.heard("ready")));
});
afterAll(async () => {
  await host.close();
  for (const one of processes) one.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** The lines of a process: `outcomes` by meeting and act, and who waits for one. */
class Teller {
  readonly child: ChildProcess;
  readonly outcomes = new Map<string, string>();
  readonly #heard = new Set<string>();
  #waiters: (() => void)[] = [];
  #complaints = "";

  constructor(number: number, file: string) {
    this.child = spawn(
      process.execPath,
      ["--conditions=@orch/source", CHILD, file, String(seed), String(number)],
      { stdio: ["pipe", "pipe", "pipe"], env: childEnvironment() },
    );
    processes.push(this.child);
    this.child.stderr?.on("data", (data) => {
      this.#complaints += data;
    });
    this.child.once("close", () => this.#wake());
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      const [word, runId, act, ...rest] = line.split(" ");
      if (word === "did") this.outcomes.set(`${runId} ${act}`, rest.join(" "));
      else this.#heard.add(line);
      this.#wake();
    });
  }

  async heard(line: string): Promise<void> {
    while (!this.#heard.has(line)) {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.#complaints}`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

/** Holds the meetings from a number on; gives the number after the last of them. */
async function meet(about: "question" | "signal", first: number): Promise<number> {
  const last = Math.min(MEETINGS, first + AT_ONCE);
  for (const { child } of tellers) child.stdin?.write(`${first} ${last} ${Date.now() + 20} ${about}\n`);
  await Promise.all(tellers.map((teller) => teller.heard(`done ${about} ${first}`)));
  return last;
}

/** How an act of a meeting went. */
function saidOf(runId: string, index: number): string {
  const all = tellers.map(({ outcomes }) => outcomes.get(`${runId} ${index}`));
  return all.find((one) => one !== undefined) ?? "nothing";
}

it("P14: of answers, times, races, deadlines and cancellations exactly one wins, and each loser is told which one", async () => {
  const ends: { [how: string]: number } = {};
  const problems: string[] = [];
  for (let first = 0; first < MEETINGS; first += AT_ONCE) {
    const last = await meet("question", first);
    for (let number = first; number < last; number++) {
      const { runId, shape, acts } = meeting(seed, number);
      const { flow, by } = shapes[shape];
      // A run that is parked may have been left by all of them.
      await (await host.resume(flow, runId)).result.catch(() => {});
      const events = await host.events(flow, runId);
      const answered = events.flatMap((event) => (event.type === "question.answered" ? [event.answer] : []));
      const status = (await host.get(runId))!.status;
      const told = acts.map(({ kind }, index) => ({ kind, index, said: saidOf(runId, index) }));
      const accepted = told.filter(({ kind, said }) => kind === "answer" && said === "accepted");
      const complain = (what: string): number =>
        problems.push(`${what}: ${JSON.stringify({ runId, shape, status, answered, told })}`);
      if (answered.length > 1) complain("answered twice");
      for (const { index } of accepted) if (!answered.includes(`a${index}`)) complain("accepted and lost");
      if (answered.length > accepted.length) complain("counted and refused");
      for (const { kind, said } of told) {
        if (kind === "answer" && !isTold(said, by, answered.length > 0, status))
          complain(`an answer heard ${said}`);
        if (kind === "cancel" && said !== (status === "cancelled" ? "accepted" : `ORCH_RUN_ENDED ${status}`))
          complain(`a cancellation heard ${said}`);
      }
      const how = status === "cancelled" ? "cancelled" : answered.length > 0 ? "answered" : by;
      ends[how] = (ends[how] ?? 0) + 1;
    }
  }
  const losers = tellers
    .flatMap(({ outcomes }) => [...outcomes.values()])
    .filter((said) => said !== "accepted");
  figure(
    `${MEETINGS} meetings of ${PROCESSES} processes over one question: ${problems.length} accepted and lost, doubled or not told, ${losers.length} losers told; ${JSON.stringify(ends)}`,
  );
  expect(problems).toEqual([]);
}, 1_200_000);

it("P14: a signal that was accepted is received once, in its order, and one that came too late is refused", async () => {
  const counts = { received: 0, taken: 0, refused: 0 };
  const problems: string[] = [];
  for (let first = 0; first < MEETINGS; first += AT_ONCE) {
    const last = await meet("signal", first);
    for (let number = first; number < last; number++) {
      const { runId, acts, isParked } = signalMeeting(seed, number);
      await (await host.resume(waiting, runId)).result.catch(() => {});
      const events = await host.events(waiting, runId);
      const status = (await host.get(runId))!.status;
      const told = acts.map(({ kind, key }, index) => ({
        ...{ kind, key, value: `a${index}` },
        said: saidOf(runId, index),
      }));
      const complain = (what: string): number =>
        problems.push(`${what}: ${JSON.stringify({ runId, status, told, ...readSignals(events) })}`);
      const { received, taken, isMissed } = readSignals(events);
      const accepted = told.filter(({ kind, said }) => kind === "signal" && said === "accepted");
      const keys = received.map(({ key }) => key);
      if (new Set(keys).size < keys.length) complain("received twice");
      // What was kept while no process drove the run may come when nothing waits any more: the run ended without it.
      const isDone = isParked && (status === "cancelled" || taken.length === WAITS);
      for (const { key } of accepted) if (!keys.includes(key) && !isDone) complain("accepted and lost");
      for (const { value } of received)
        if (!accepted.some((one) => one.value === value)) complain("received and refused");
      if (taken.some((value, index) => value !== received[index]?.value)) complain("taken out of its order");
      if (isMissed) complain("timed out beside a signal");
      for (const { kind, said } of told) {
        if (kind === "signal" && said !== "accepted" && said !== `ORCH_RUN_ENDED ${status}`)
          complain(`a signal heard ${said}`);
        if (kind === "signal" && said !== "accepted") counts.refused += 1;
        if (kind === "cancel" && said !== (status === "cancelled" ? "accepted" : `ORCH_RUN_ENDED ${status}`))
          complain(`a cancellation heard ${said}`);
      }
      counts.received += received.length;
      counts.taken += taken.length;
    }
  }
  figure(
    `${MEETINGS} meetings of ${PROCESSES} processes over signals of one run: ${problems.length} lost, doubled, out of order or not told; ${JSON.stringify(counts)}`,
  );
  expect(problems).toEqual([]);
}, 1_200_000);

/** The signals that a run received and took, and whether a wait ran out while one was there. */
function readSignals(events: readonly OrchestrationEvent[]): {
  readonly received: readonly { readonly value: unknown; readonly key: string | undefined }[];
  readonly taken: readonly unknown[];
  readonly isMissed: boolean;
} {
  const received: { value: unknown; key: string | undefined }[] = [];
  const taken: unknown[] = [];
  let isMissed = false;
  for (const event of events) {
    if (event.type === "signal.received") received.push({ value: event.value, key: event.key });
    if (event.type !== "state.completed") continue;
    const { by, value } = event.output as { readonly by: string; readonly value?: unknown };
    if (by === "signal") taken.push(value);
    else if (received.length > taken.length) isMissed = true;
  }
  return { received, taken, isMissed };
}

/** Whether an answer heard how it went. */
function isTold(said: string, by: string, isAnswered: boolean, status: string): boolean {
  if (said === "accepted") return isAnswered;
  if (said === "ORCH_ALREADY_ANSWERED") return isAnswered;
  if (said === "ORCH_QUESTION_CLOSED cancelled") return status === "cancelled";
  return said === `ORCH_QUESTION_CLOSED ${by}` && !isAnswered;
}
