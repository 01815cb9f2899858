/**
 * The gates of speed. Each case runs side by side with the commit before, and with a floor written by hand, and is
 * compared in processor time, which other work on the machine hardly changes. Fails where a case takes more than
 * 1.2 times what it took in the commit before, is above its ceiling beside the floor, or grows with the run.
 *
 *     node bench/gates.ts                          ORCH_BENCH_OLD=<commit> names another commit to compare with
 *     node bench/gates.ts --only linear,loop
 *
 * A breach counts only when it shows once more, measured alone and for longer.
 */
import { parseArgs } from "node:util";
import { measureApart } from "./apart.ts";
import { type Case, cases } from "./cases.ts";
import {
  type Effort,
  measureSideBySide,
  type Side,
  type SideBySide,
  SideError,
} from "./paired/measure-pair.ts";
import { growthVerdict, type Line, linesOf, type Measured, pairRatio } from "./paired/pair-judgement.ts";
import { previousCommit } from "./paired/previous-commit.ts";
import { type Tree, treeOf, workingTree } from "./paired/tree.ts";
import { best } from "./statistics.ts";

const FIRST: Effort = { generations: 2, rounds: 10 };
const MORE: Effort = { generations: 2, rounds: 15 };
const ALONE: Effort = { generations: 5, rounds: 25 };
/**
 * For a ceiling that is near: the middle of so many pairs, where the least of two processes may be a lucky one. A short
 * stretch is left alone on a busy machine, and is long enough for the collector to run in each.
 */
const PAIRS: Effort = { generations: 5, rounds: 20, stretch: 15 };
const PAIRS_ALONE: Effort = { generations: 9, rounds: 40, stretch: 15 };
/** Processes that measure how a case grows, at most: the first that shows no growth is enough. */
const GROWTH_ROUNDS = 5;
const MORE_GROWTH_ROUNDS = 12;

const { values } = parseArgs({ options: { only: { type: "string" }, quick: { type: "boolean" } } });
const wanted = values.only?.split(",");
const watched = cases.filter(({ id, watched: is }) => wanted?.includes(id) ?? is !== undefined);
const previous = previousCommit();
let old: Tree | undefined;
if ("missing" in previous) {
  console.log(
    `Nothing is compared with the commit before: ${previous.missing}. The ceilings beside the floors hold.`,
  );
} else {
  old = treeOf(previous.commit);
  console.log(`The working tree beside ${old.title}, in processor time.`);
}
const broken: Case[] = [];
let breaches = 0;
try {
  for (const one of watched) {
    const lines = [...(await sideBySide(one)), ...(await growthOf(one, GROWTH_ROUNDS))];
    print(lines);
    if (lines.some(({ verdict }) => verdict === "broken")) broken.push(one);
  }
  for (const one of broken) {
    console.log(`once more, alone: ${one.id}`);
    const effort = one.gate?.near === true ? PAIRS_ALONE : ALONE;
    const again = linesOf(one, await measure(one, effort), { before: old?.title });
    const lines = [...again, ...(await growthOf(one, MORE_GROWTH_ROUNDS))];
    print(lines);
    breaches += lines.filter(({ verdict }) => verdict === "broken").length;
  }
} finally {
  old?.remove();
}
console.log(breaches === 0 ? "all gates hold" : `${breaches} broken`);
process.exitCode = breaches === 0 ? 0 : 1;

/** Measures until it is clear, or as long as there is patience for the first time. */
async function sideBySide(one: Case): Promise<readonly Line[]> {
  const names = { before: old?.title };
  if (one.gate?.near === true) return linesOf(one, await measure(one, PAIRS), names);
  const first = await measure(one, FIRST);
  const lines = linesOf(one, first, names);
  if (lines.every(({ verdict }) => verdict === "holds")) return lines;
  const more = await measure(one, MORE);
  return linesOf(
    one,
    {
      mine: least(first.mine, more.mine),
      before: least(first.before, more.before),
      floor: least(first.floor, more.floor),
    },
    names,
  );
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.min(one, other);
}

/** Milliseconds of processor time of a run: ours, the commit before, the floor. */
async function measure(one: Case, effort: Effort): Promise<Measured> {
  const floor = one.gate?.ceiling === undefined ? [] : [{ tree: workingTree, subject: one.gate.against }];
  const ours: Side = { tree: workingTree, subject: "orch" };
  const before = old === undefined ? [] : [{ tree: old, subject: "orch" }];
  try {
    const found = await measureSideBySide(one.id, [ours, ...before, ...floor], effort);
    if (found !== undefined) return measuredOf(one, found, before.length, floor.length);
    console.log(`${one.id} is new: there is nothing before it`);
  } catch (error) {
    if (!(error instanceof SideError) || error.side.tree === workingTree) throw error;
    // The commit before cannot be held against this one, as when other packages are installed now.
    console.log(`${one.id} cannot be compared with the commit before: ${error.message}`);
  }
  const found = await measureSideBySide(one.id, [ours, ...floor], effort);
  return found === undefined
    ? { mine: undefined, before: undefined, floor: undefined }
    : measuredOf(one, found, 0, floor.length);
}

/** Ours stands first, then the commit before, then the floor, as far as there are any. */
function measuredOf(one: Case, { least, generations }: SideBySide, before: number, floor: number): Measured {
  const last = least.length - 1;
  return {
    mine: least[0],
    before: before > 0 ? least[1] : undefined,
    floor: floor > 0 ? least[last] : undefined,
    ...(one.gate?.near === true && floor > 0 && { ratio: pairRatio(generations, 0, last) }),
  };
}

/** How a case grows with its run: the least of some processes. */
async function growthOf(one: Case, rounds: number): Promise<readonly Line[]> {
  if (one.growthLimit === undefined) return [];
  const growths: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const outcome = await measureApart(one.id, "orch", { budget: 150, sources: true });
    if (outcome.kind !== "measured") {
      const problem = outcome.kind === "failed" ? outcome.problem : "it is absent";
      return [{ text: `${one.id}: ${problem}`, verdict: "broken" }];
    }
    growths.push(outcome.figures.growth ?? Number.NaN);
    if (growthVerdict(one, best(growths)).verdict === "holds") break;
  }
  return [growthVerdict(one, best(growths))];
}

function print(lines: readonly Line[]): void {
  for (const { text, verdict } of lines)
    console.log(`${verdict === "broken" ? "BROKEN" : "ok    "}  ${text}`);
}
