/**
 * The paired benchmark: two commits side by side, and the old one beside itself, in processor time.
 *
 *     node bench/paired/paired.ts --old <commit> [--new HEAD] [--only linear,loop] [--generations 5]
 *
 * Without `--new` the working tree is measured. Prints a table; fails where the new commit is slower by more than
 * 3 %, or than the old one differs from itself, whichever is larger.
 */
import { parseArgs } from "node:util";
import { cases } from "../cases.ts";
import { numberOf } from "../judgement.ts";
import { measureSideBySide } from "./measure-pair.ts";
import { isNoSlower } from "./pair-judgement.ts";
import { treeOf, workingTree } from "./tree.ts";

const USUAL = ["linear", "loop", "events", "durable-sqlite", "agent-10", "deltas"];

const { values } = parseArgs({
  options: {
    old: { type: "string" },
    new: { type: "string" },
    only: { type: "string" },
    generations: { type: "string" },
    rounds: { type: "string" },
  },
});
const old = treeOf(values.old ?? "HEAD~1");
const next = values.new === undefined ? workingTree : treeOf(values.new);
const effort = { generations: Number(values.generations ?? 5), rounds: Number(values.rounds ?? 25) };
let slower = 0;
try {
  console.log(
    `${old.title} and ${next.title}, least processor time of ${effort.generations} processes with ${effort.rounds} rounds each`,
  );
  console.log("| case | unit | old | old again | new | old again / old | new / old | |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const id of values.only?.split(",") ?? USUAL) {
    const one = cases.find((found) => found.id === id);
    if (one === undefined) throw new TypeError(`There is no case "${id}".`);
    const sides = [old, old, next].map((tree) => ({ tree, subject: "orch" }));
    const measured = await measureSideBySide(id, sides, effort);
    if (measured === undefined) {
      console.log(`| ${one.title} | one of the two has no such case |`);
      continue;
    }
    const [first, again, mine] = measured.least as [number, number, number];
    const holds = isNoSlower({ old: first, again, next: mine });
    if (!holds) slower += 1;
    const figures = [first, again, mine].map((ms) => numberOf(one.perRun(ms, one.size)));
    const ratios = [again / first, mine / Math.min(first, again)].map((ratio) => ratio.toFixed(3));
    console.log(
      `| ${one.title} | ${one.unit} | ${[...figures, ...ratios].join(" | ")} | ${holds ? "ok" : "SLOWER"} |`,
    );
  }
} finally {
  old.remove();
  next.remove();
}
process.exitCode = slower === 0 ? 0 : 1;
