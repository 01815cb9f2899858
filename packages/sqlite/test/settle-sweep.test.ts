/** Bar of the rule "settle in the store": whatever meets over one question, one wins, and each loser is told which one. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { sqliteHost } from "../src/index.ts";
import { meeting, PROCESSES, shapes } from "./meetings.ts";

const MEETINGS = budget("meetings");
/** How many meetings go on at the same time. */
const AT_ONCE = 40;
const CHILD = join(import.meta.dirname, "hold-meetings.ts");

let folder = "";
let file = "";
const processes: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-meetings-"));
  file = join(folder, "runs.db");
});
afterAll(() => {
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

  constructor(number: number) {
    this.child = spawn(
      process.execPath,
      ["--conditions=@orch/source", CHILD, file, String(seed), String(number)],
      { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, NODE_OPTIONS: "" } },
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

it("P14: of answers, times, races, deadlines and cancellations exactly one wins, and each loser is told which one", async () => {
  const host = sqliteHost(file);
  const tellers = Array.from({ length: PROCESSES }, (_, number) => new Teller(number));
  await Promise.all(tellers.map((teller) => teller.heard("ready")));
  const ends: { [how: string]: number } = {};
  const problems: string[] = [];
  for (let first = 0; first < MEETINGS; first += AT_ONCE) {
    const last = Math.min(MEETINGS, first + AT_ONCE);
    for (const { child } of tellers) child.stdin?.write(`${first} ${last} ${Date.now() + 20}\n`);
    await Promise.all(tellers.map((teller) => teller.heard(`done ${first}`)));
    for (let number = first; number < last; number++) {
      const { runId, shape, acts } = meeting(seed, number);
      const { flow, by } = shapes[shape];
      // A run that is parked may have been left by all of them.
      await (await host.resume(flow, runId)).result.catch(() => {});
      const events = await host.events(flow, runId);
      const answered = events.flatMap((event) => (event.type === "question.answered" ? [event.answer] : []));
      const status = (await host.get(runId))!.status;
      const told = acts.map(({ kind }, index) => {
        const said = tellers
          .map(({ outcomes }) => outcomes.get(`${runId} ${index}`))
          .find((one) => one !== undefined);
        return { kind, index, said: said ?? "nothing" };
      });
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
  await host.close();
  const losers = tellers
    .flatMap(({ outcomes }) => [...outcomes.values()])
    .filter((said) => said !== "accepted");
  figure(
    `${MEETINGS} meetings of ${PROCESSES} processes over one question: ${problems.length} accepted and lost, doubled or not told, ${losers.length} losers told; ${JSON.stringify(ends)}`,
  );
  expect(problems).toEqual([]);
}, 1_200_000);

/** Whether an answer heard how it went. */
function isTold(said: string, by: string, isAnswered: boolean, status: string): boolean {
  if (said === "accepted") return isAnswered;
  if (said === "ORCH_ALREADY_ANSWERED") return isAnswered;
  if (said === "ORCH_QUESTION_CLOSED cancelled") return status === "cancelled";
  return said === `ORCH_QUESTION_CLOSED ${by}` && !isAnswered;
}
