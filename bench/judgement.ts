/** Where the figures miss what we aim for, in sentences: the page tells it before a reader finds it. */
import { type Case, cases } from "./cases.ts";
import type { Missing, Results, Standing } from "./results.ts";
import { entrants, isPeer } from "./subjects.ts";

/** How far ahead of every other library we want to be. */
export const AHEAD = 3;

/** How far a ratio may be off before it counts: what a machine with other work on it adds. */
const NOISE = 1.05;

/** Every bar that does not hold. */
export function missesOf(
  results: Results,
  limits: {
    readonly imports: { readonly [name: string]: number };
    readonly bundles: { readonly [name: string]: number };
  },
): readonly string[] {
  const sizes = [
    ...Object.entries(limits.imports).flatMap(([name, limit]) =>
      over(`importing ${name}`, results.imports[name]?.milliseconds, limit, "ms"),
    ),
    ...Object.entries(limits.bundles).flatMap(([name, limit]) => {
      const size = results.bundles[name];
      return over(`the bundle of ${name}`, size?.atOnce ?? size?.gzip, limit, "kB");
    }),
  ];
  return [...cases.flatMap((one) => missesIn(one, results.cases[one.id] ?? {}, results)), ...sizes];
}

function missesIn(
  one: Case,
  row: { readonly [subject: string]: Standing | Missing },
  results: Results,
): readonly string[] {
  const ours = row["orch"];
  if (ours === undefined) return [];
  if ("missing" in ours) return [`${one.title}: ${ours.missing === "failed" ? "failed" : "not there yet"}.`];
  return [
    ...over(one.title, ours.value, one.target, one.unit),
    ...gateMiss(one, ours, row),
    ...growthMiss(one, ours),
    ...over(`${one.title}, on disk`, (ours.diskBytes ?? 0) / 1_000, one.diskLimit, "kB"),
    ...over(`${one.title}, the first`, ours.firstMilliseconds, one.firstLimit, "ms"),
    ...besideMiss(one, ours, results),
    ...peerMisses(one, ours, row),
  ];
}

function gateMiss(
  one: Case,
  ours: Standing,
  row: { readonly [subject: string]: Standing | Missing },
): readonly string[] {
  if (one.gate === undefined) return [];
  const { against, bar } = one.gate;
  const floor = row[against];
  if (floor === undefined || "missing" in floor) return [];
  const ratio = ours.value / floor.value;
  if (ratio <= bar * NOISE) return [];
  return [`${one.title}: ${numberOf(ratio)} times ${entrants[against]!.title}, and the bar is ${bar}.`];
}

function growthMiss(one: Case, { growth }: Standing): readonly string[] {
  if (one.growthLimit === undefined || growth === undefined || growth <= one.growthLimit * NOISE) return [];
  return [`${one.title}: grows ${numberOf(growth)} times, and the bar is ${one.growthLimit}.`];
}

function besideMiss({ beside, title }: Case, ours: Standing, { cases: found }: Results): readonly string[] {
  if (beside === undefined) return [];
  const other = found[beside.id]?.["orch"];
  if (other === undefined || "missing" in other) return [];
  const ratio = ours.value / other.value;
  if (ratio <= beside.limit * NOISE) return [];
  return [`${title}: ${numberOf(ratio)} times the figure of ${beside.id}, and the bar is ${beside.limit}.`];
}

function peerMisses(
  one: Case,
  ours: Standing,
  row: { readonly [subject: string]: Standing | Missing },
): readonly string[] {
  return Object.entries(row).flatMap(([name, theirs]) => {
    if (!isPeer(name) || "missing" in theirs) return [];
    const ahead = theirs.value / ours.value;
    if (ahead >= AHEAD) return [];
    const { title } = entrants[name]!;
    return ahead >= 1
      ? [
          `${one.title}: ${numberOf(ahead)} times ahead of ${title}, and we want ${AHEAD}${outOfReach(row, theirs)}.`,
        ]
      : [`${one.title}: ${title} is ${numberOf(1 / ahead)} times ahead of us.`];
  });
}

/** That even a floor is not as far ahead as we want to be, where that is so. */
function outOfReach(row: { readonly [subject: string]: Standing | Missing }, theirs: Standing): string {
  for (const name of ["bare", "loop"]) {
    const floor = row[name];
    if (floor === undefined || "missing" in floor) continue;
    const ahead = theirs.value / floor.value;
    return ahead < AHEAD ? `; ${entrants[name]!.title}: ${numberOf(ahead)} times` : "";
  }
  return "";
}

function over(
  what: string,
  value: number | undefined,
  limit: number | undefined,
  unit: string,
): readonly string[] {
  if (value === undefined || limit === undefined || value <= limit) return [];
  return [`${what}: ${numberOf(value)} ${unit}, and the target is ${limit}.`];
}

/** Three digits, and thousands with a comma. */
export function numberOf(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const fraction = Math.min(digits, 4);
  return value.toLocaleString("en-US", { minimumFractionDigits: fraction, maximumFractionDigits: fraction });
}
