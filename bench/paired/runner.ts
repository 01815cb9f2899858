/**
 * Runs one case of the tree that it lies in, a stretch for each message "go", and answers with the processor
 * time of a run in milliseconds. Started by `measure-pair.ts`:
 *
 *     node --conditions=@orch/source bench/paired/runner.ts <case> <subject> <folder> [milliseconds of a stretch]
 */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { cases } from "../cases.ts";
import type { Ready, Subject } from "../subject.ts";
import { subjectOf } from "../subjects.ts";

/** What a runner tells: that it is ready, that its tree has no such case, or what a run of a stretch cost. */
export type Told = "ready" | "absent" | { readonly ms: number };

/** Processor time spent before anything counts, so that what is measured is compiled. */
const WARM_UP = 400;

const [id, name = "orch", home = "", milliseconds = "30"] = process.argv.slice(2);
/** Processor time of a stretch, in milliseconds. */
const STRETCH = Number(milliseconds);
const one = cases.find((found) => found.id === id)!;
process.once("disconnect", () => process.exit());
const ready = await prepare();
if (ready === undefined) {
  tell("absent");
} else {
  const runs = Math.max(1, Math.round(STRETCH / (await warmUp(ready))));
  tell("ready");
  process.on("message", async () => {
    tell({ ms: await timed(ready, runs) });
  });
}

async function prepare(): Promise<Ready | undefined> {
  const subject = await subjectOf(name, one);
  const made = (): ReturnType<Subject> | undefined =>
    subject?.({
      size: one.size,
      folder: mkdtempSync(join(home, "run-")),
      tick: () => {},
      gate: () => Promise.resolve(),
    });
  const first = await made();
  if (one.mode !== "steps" || first === undefined) return first;
  // Such a subject is made for one run.
  let ready: Ready = first;
  return {
    before: async () => {
      ready = (await made())!;
    },
    run: () => ready.run(),
    after: () => ready.close?.(),
  };
}

/** Runs ever more in a row until so much processor time is spent; the milliseconds of a run at the end. */
async function warmUp(program: Ready): Promise<number> {
  let each = Number.POSITIVE_INFINITY;
  let runs = 1;
  for (let spent = 0; spent < WARM_UP; ) {
    each = await timed(program, runs);
    spent += each * runs;
    runs = Math.max(1, Math.min(2 * runs, Math.round((2 * STRETCH) / each)));
  }
  return each;
}

/** The milliseconds of processor time of a run, from so many; what is done before and after runs does not count. */
async function timed(program: Ready, runs: number): Promise<number> {
  const isWhole = program.before === undefined && program.after === undefined;
  let spent = 0;
  let answer: unknown;
  for (let left = isWhole ? 1 : runs; left > 0; left--) {
    await program.before?.();
    const start = process.cpuUsage();
    for (let run = isWhole ? runs : 1; run > 0; run--) answer = await program.run();
    const { user, system } = process.cpuUsage(start);
    await program.after?.();
    spent += (user + system) / 1_000;
  }
  if (!one.isRight(answer, one.size)) throw new TypeError(`A wrong answer in ${one.id}: ${String(answer)}`);
  return spent / runs;
}

function tell(what: Told): void {
  process.send?.(what);
}
