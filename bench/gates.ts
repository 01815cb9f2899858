/**
 * The gates: ratios to the floors in the same minutes, from the sources, without the peers. Prints each as
 * `ratio <= limit`, and fails on a breach.
 *
 *     node bench/gates.ts
 *
 * Each figure is the best of several rounds, since other work on the machine only ever makes one slower;
 * a gate that does not hold at first is measured again before it counts as a breach.
 */
import { measureApart } from "./apart.ts";
import { type Case, cases } from "./cases.ts";
import type { Figures } from "./figures.ts";
import { best } from "./statistics.ts";

const FIRST_ROUNDS = 2;
const MOST_ROUNDS = 7;
const BUDGET = 150;
/** Growth is a ratio of two short stretches of one run, and shakes more than the median of many. */
const GROWTH_NOISE = 1.3;
/** For this long gates that do not hold are measured again, in milliseconds from the start. */
const PATIENCE = 45_000;

interface Verdict {
  readonly line: string;
  readonly holds: boolean;
}

let breaches = 0;
for (const one of cases) {
  if (one.watched === undefined) continue;
  for (const { line, holds } of await judge(one)) {
    console.log(line);
    if (!holds) breaches += 1;
  }
}
console.log(breaches === 0 ? "all gates hold" : `${breaches} broken`);
process.exitCode = breaches === 0 ? 0 : 1;

async function judge(one: Case): Promise<readonly Verdict[]> {
  const subjects = [...(one.gate === undefined ? [] : [one.gate.against]), "orch"];
  const measured = new Map<string, Figures[]>(subjects.map((name) => [name, []]));
  for (let round = 1; ; round++) {
    for (const name of subjects) {
      const outcome = await measureApart(one.id, name, { budget: BUDGET, sources: true });
      if (outcome.kind !== "measured") {
        const problem = outcome.kind === "failed" ? outcome.problem : "it is absent";
        return [{ line: `BROKEN  ${one.id} of ${name}: ${problem}`, holds: false }];
      }
      measured.get(name)!.push(outcome.figures);
    }
    const verdicts = verdictsOn(one, measured);
    const isLate = performance.now() > PATIENCE;
    if (
      round >= (isLate ? FIRST_ROUNDS : MOST_ROUNDS) ||
      (round >= FIRST_ROUNDS && verdicts.every(({ holds }) => holds))
    )
      return verdicts;
  }
}

function verdictsOn(one: Case, measured: ReadonlyMap<string, readonly Figures[]>): readonly Verdict[] {
  const ours = measured.get("orch") ?? [];
  const verdicts: Verdict[] = [];
  if (one.gate !== undefined) {
    const { against, limit, goal } = one.gate;
    const mine = best(ours.map(({ value }) => value));
    const floor = best((measured.get(against) ?? []).map(({ value }) => value));
    const aim = goal === undefined ? "" : `, goal ${goal}`;
    const figures = `${mine.toPrecision(3)} against ${floor.toPrecision(3)} ${one.unit} of ${against}${aim}`;
    verdicts.push(verdict(one.id, mine / floor, limit, figures));
  }
  if (one.growthLimit !== undefined) {
    const growth = best(ours.map(({ growth = Number.NaN }) => growth));
    verdicts.push(
      verdict(`${one.id}, last against first`, growth, one.growthLimit * GROWTH_NOISE, one.title),
    );
  }
  return verdicts;
}

function verdict(name: string, ratio: number, limit: number, more: string): Verdict {
  const holds = ratio <= limit;
  return {
    holds,
    line: `${holds ? "ok    " : "BROKEN"}  ${name}: ${ratio.toFixed(2)} <= ${Number(limit.toFixed(2))} (${more})`,
  };
}
