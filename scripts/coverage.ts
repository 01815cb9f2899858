/**
 * Prints the branch coverage of the pure cores: the files that decide what a run does, without time,
 * chance or the outside. Fails when one has a branch that no test takes.
 *
 *     node scripts/coverage.ts
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The files, from `packages/core/src`. */
const cores = [
  ...["kernel/transition", "kernel/machine", "kernel/edges", "kernel/machine-limits", "kernel/fan"],
  ...["kernel/decisions", "kernel/state-values", "kernel/budget", "words/retry", "run/pump"],
  ...["define/fan-out", "define/each", "define/all", "define/race", "define/choose"],
  ...["durable/fold", "durable/effective", "durable/open-operations"],
  ...["durable/record-reader", "durable/record-codec", "durable/codec", "durable/structure-hash"],
];

// Coverage says nothing about a file that moved away, so its branches would count as taken.
const absent = cores.filter((name) => !existsSync(join(root, `packages/core/src/${name}.ts`)));
if (absent.length > 0) {
  console.error(`These files are listed in scripts/coverage.ts and do not exist: ${absent.join(", ")}.`);
  process.exit(1);
}

/** The tests that prove them. */
const tests = ["packages/core/src", "packages/core/test/cases"];

interface Place {
  readonly line: number;
}
/** One file in Istanbul's form. */
interface Covered {
  readonly path: string;
  readonly branchMap: {
    readonly [id: string]: {
      readonly type: string;
      readonly locations: readonly { readonly start: Partial<Place> }[];
    };
  };
  readonly b: { readonly [id: string]: readonly number[] };
}

const folder = mkdtempSync(join(tmpdir(), "orch-coverage-"));
const { status } = spawnSync(
  join(root, "node_modules/.bin/vitest"),
  [
    ...[
      "run",
      "--project",
      "suite",
      ...tests,
      "--exclude",
      "packages/core/src/draw/**",
      "--silent",
      "--reporter",
      "dot",
    ],
    ...["--coverage.enabled", "--coverage.provider", "v8", "--coverage.reporter", "json"],
    "--coverage.reportOnFailure",
    ...["--coverage.reportsDirectory", folder],
    ...cores.flatMap((name) => ["--coverage.include", `packages/core/src/${name}.ts`]),
  ],
  { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
);
if (status !== 0) console.error("A test failed: run `vitest run packages/core` to see which.");

const files = Object.values(
  JSON.parse(readFileSync(join(folder, "coverage-final.json"), "utf8")) as {
    readonly [path: string]: Covered;
  },
);
rmSync(folder, { recursive: true });
let missing = 0;
for (const { path, branchMap, b } of files) {
  const taken = Object.values(b).flat();
  const never = Object.entries(b).flatMap(([id, counts]) =>
    counts.flatMap((count, index) => (count > 0 ? [] : [branchMap[id]!.locations[index]?.start.line ?? 0])),
  );
  missing += never.length;
  const percent = taken.length === 0 ? 100 : (100 * (taken.length - never.length)) / taken.length;
  const where =
    never.length === 0 ? "" : `   lines ${[...new Set(never)].toSorted((x, y) => x - y).join(", ")}`;
  console.log(
    `${percent.toFixed(1).padStart(5)} %  ${relative(root, path)} (${taken.length} branches)${where}`,
  );
}
console.log(`${files.length} files, ${missing} branches that no test takes`);
process.exitCode = missing > 0 || status !== 0 ? 1 : 0;
