/**
 * The benchmark: installs the peers, builds our packages, measures everything in fresh processes, writes
 * `results/latest.json` and `docs/performance.md`.
 *
 *     pnpm bench                       all of it
 *     pnpm bench --only linear,loop    some cases, printed and not written
 *     pnpm bench --only cold --keep    some cases, written among the last results
 *     pnpm bench --rounds 9            default 5
 *     pnpm bench --quick               the gates: us and the floors, no peers
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureApart } from "./apart.ts";
import { type Case, cases } from "./cases.ts";
import { importAll, imports } from "./cold-import.ts";
import type { Figures, Outcome } from "./figures.ts";
import { machine, versions } from "./machine.ts";
import { pageOf } from "./page.ts";
import type { Missing, Results, Standing } from "./results.ts";
import { median } from "./statistics.ts";
import { isPeer } from "./subjects.ts";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "..");
const FILE = join(HERE, "results/latest.json");
const FULL_BUDGET = 300;
const PEER_BUDGET = 200;
const IMPORT_ROUNDS = 7;
/** A subject whose process takes longer, in milliseconds, is measured in fewer rounds. */
const LONG = 2_500;
const FEWER_ROUNDS = 3;

let highestLoad = 0;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    keep: { type: "boolean" },
    rounds: { type: "string" },
    quick: { type: "boolean" },
  },
});
if (values.quick) {
  await import("./gates.ts");
} else {
  await everything(Number(values.rounds ?? 5), values.only?.split(","), values.keep === true);
}

async function everything(rounds: number, only: readonly string[] | undefined, keep: boolean): Promise<void> {
  prepare();
  const began = performance.now();
  const chosen = cases.filter(({ id }) => only === undefined || only.includes(id));
  const standings = await measureAll(chosen, rounds);
  if (only !== undefined) {
    if (keep) write({ ...lastResults(), ...among(standings) });
    return;
  }
  console.log("imports and bundles");
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(highestLoad),
    node: process.version,
    versions: versions(),
    rounds,
    cases: standings,
    imports: await importAll(Object.keys(imports), IMPORT_ROUNDS),
    bundles: bundles(),
    seconds: Math.round((performance.now() - began) / 1_000),
  };
  write(results);
  console.log(`${results.seconds} s; written: bench/results/latest.json and docs/performance.md`);
}

/** The last results with some cases measured anew, and with the bundles, which no other work on a machine changes. */
function among(standings: Results["cases"]): Pick<Results, "cases" | "bundles"> {
  return { cases: { ...lastResults().cases, ...standings }, bundles: bundles() };
}

function bundles(): Results["bundles"] {
  return JSON.parse(run(process.execPath, [join(HERE, "weigh.ts")], HERE)) as Results["bundles"];
}

function lastResults(): Results {
  return JSON.parse(readFileSync(FILE, "utf8")) as Results;
}

function write(results: Results): void {
  mkdirSync(join(HERE, "results"), { recursive: true });
  const text = JSON.stringify(results, rounded, 2);
  writeFileSync(FILE, text);
  run(join(ROOT, "node_modules/.bin/biome"), ["format", "--write", FILE], ROOT);
  writeFileSync(join(ROOT, "docs/performance.md"), pageOf(JSON.parse(text) as Results));
}

/** The peers are installed here and nowhere else; ours are built, because imports and bundles are of what is published. */
function prepare(): void {
  const headers = join(process.execPath, "../../include/node");
  // A peer's native part is compiled where it has no binary: for this Node, if its headers are at hand.
  const native = existsSync(headers) ? { npm_config_nodedir: join(process.execPath, "../..") } : {};
  console.log("installing the peers");
  run("pnpm", ["install", "--frozen-lockfile"], HERE, native);
  console.log("building our packages");
  run("pnpm", ["exec", "turbo", "run", "build", "--filter=@orch/agents", "--filter=@orch/sqlite"], ROOT);
}

async function measureAll(chosen: readonly Case[], rounds: number): Promise<Results["cases"]> {
  const found = new Map<string, Outcome[]>();
  const fewer = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    console.log(`round ${round + 1} of ${rounds}`);
    for (const one of chosen) {
      highestLoad = Math.max(highestLoad, loadavg()[0] ?? 0);
      for (const name of rotated(one.subjects, round)) {
        const key = `${one.id} ${name}`;
        const before = found.get(key) ?? [];
        if (before.some(({ kind }) => kind !== "measured")) continue;
        if (fewer.has(key) && before.length >= FEWER_ROUNDS) continue;
        const began = performance.now();
        const budget = isPeer(name) ? PEER_BUDGET : FULL_BUDGET;
        const outcome = await measureApart(one.id, name, { budget, sources: false });
        if (performance.now() - began > LONG) fewer.add(key);
        found.set(key, [...before, outcome]);
      }
    }
  }
  return Object.fromEntries(
    chosen.map((one) => {
      const rows = one.subjects.map(
        (name) => [name, standing(found.get(`${one.id} ${name}`) ?? [])] as const,
      );
      printRow(one, rows);
      return [one.id, Object.fromEntries(rows)];
    }),
  );
}

/** Another subject comes first in each round. */
function rotated(names: readonly string[], round: number): readonly string[] {
  const from = round % names.length;
  return [...names.slice(from), ...names.slice(0, from)];
}

function standing(outcomes: readonly Outcome[]): Standing | Missing {
  const bad = outcomes.find((outcome) => outcome.kind !== "measured");
  if (bad !== undefined) {
    if (bad.kind !== "failed") return { missing: "absent" };
    console.error(bad.problem);
    return { missing: "failed", problem: bad.problem.split("\n")[0]! };
  }
  const all = outcomes.flatMap((outcome) => (outcome.kind === "measured" ? [outcome.figures] : []));
  const figures = all.map(({ value }) => value);
  const names = Object.keys(all[0]!) as (keyof Figures)[];
  return {
    ...(Object.fromEntries(
      names.map((name) => [name, median(all.map((one) => one[name] ?? 0))]),
    ) as unknown as Figures),
    rounds: all.length,
    lowest: Math.min(...figures),
    highest: Math.max(...figures),
  };
}

function printRow(one: Case, rows: readonly (readonly [string, Standing | Missing])[]): void {
  const told = rows.map(
    ([name, row]) => `${name} ${"missing" in row ? row.missing : row.value.toPrecision(3)}`,
  );
  console.log(`${one.id} (${one.unit}): ${told.join(", ")}`);
}

/** Three or four digits are what the figures are good for. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

function run(command: string, args: readonly string[], cwd: string, extra: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, CI: "1", TURBO_TELEMETRY_DISABLED: "1", ...extra },
  });
  if (status === 0) return stdout;
  throw new TypeError(`${command} ${args.join(" ")} failed: ${error?.message ?? ""}\n${stdout}\n${stderr}`);
}
