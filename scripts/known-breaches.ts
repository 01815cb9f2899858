/**
 * The breaches of the house's gates that stand in the sources today, in `known-breaches.json`. The lists may only
 * shrink: a breach that is not listed fails, and so does a listed one that is gone.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = new URL("known-breaches.json", import.meta.url);

/** A place where a gate does not hold. */
export interface Breach {
  /** What is wrong, without line numbers: as it stands in the list. */
  readonly key: string;
  /** Where, for whoever has to mend it: a line each. */
  readonly at: readonly string[];
}

/** What a gate found, held against its list. */
export interface Verdict {
  /** Breaches that are not listed. */
  readonly added: readonly Breach[];
  /** Listed breaches that are gone. */
  readonly mended: readonly string[];
  /** How many are listed and still there. */
  readonly left: number;
}

type Lists = { readonly [gate: string]: readonly string[] };

/** Holds what a gate found against a list. */
export function judge(found: readonly Breach[], listed: readonly string[]): Verdict {
  const keys = new Set(found.map(({ key }) => key));
  const known = new Set(listed);
  const mended = listed.filter((key) => !keys.has(key));
  return {
    added: found.filter(({ key }) => !known.has(key)),
    mended,
    left: listed.length - mended.length,
  };
}

/** What is listed for a gate. */
export function knownBreaches(gate: string): readonly string[] {
  return lists()[gate] ?? [];
}

/**
 * Runs a gate as a program: prints what is not listed and what is listed for nothing, and sets the exit code.
 * With `--shrink`, takes what was mended off the list.
 */
export function runGate(gate: string, found: readonly Breach[]): void {
  const { added, mended, left } = judge(found, knownBreaches(gate));
  for (const { key, at } of added) console.error([key, ...at.map((line) => `    ${line}`)].join("\n"));
  if (process.argv.includes("--shrink")) shrink(gate, mended);
  else for (const key of mended) console.error(`mended, but still listed (run with --shrink): ${key}`);
  const shrunk = process.argv.includes("--shrink");
  if (added.length > 0 || (mended.length > 0 && !shrunk)) process.exitCode = 1;
  console.log(`${gate}: ${added.length} new, ${left} known`);
}

function lists(): Lists {
  return JSON.parse(readFileSync(fileURLToPath(file), "utf8")) as Lists;
}

function shrink(gate: string, mended: readonly string[]): void {
  const all = lists();
  const left = (all[gate] ?? []).filter((key) => !mended.includes(key));
  writeFileSync(file, `${JSON.stringify({ ...all, [gate]: left }, null, 2)}\n`);
}
