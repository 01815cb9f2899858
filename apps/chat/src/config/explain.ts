/** Says what a setting is and where it comes from. */

import { nearestName } from "@orch/agents";
import type { LayeredConfig, Origin } from "./layers.ts";

/** Lines about `key` and the settings below it; without a key, all settings. `undefined` when nothing is set there. */
export function explain({ origins }: LayeredConfig, key: string | undefined): string | undefined {
  const found = [...origins].filter(
    ([name]) => key === undefined || name === key || name.startsWith(`${key}.`),
  );
  if (found.length === 0) return undefined;
  return found.map(([name, from]) => explainOne(name, from)).join("\n");
}

/** The existing setting that is nearest to a misspelt one. */
export function nearestKey(
  { origins }: LayeredConfig,
  key: string,
  known: readonly string[],
): string | undefined {
  return nearestName(key, [...origins.keys(), ...known]);
}

function explainOne(name: string, from: readonly Origin[]): string {
  const [last, ...earlier] = from.toReversed();
  const lines = [`${name} = ${shownValue(name, last?.value)}   (${last?.layer ?? "nowhere"})`];
  for (const { value, layer } of earlier) lines.push(`  over ${shownValue(name, value)}   (${layer})`);
  return lines.join("\n");
}

/** A value as JSON. A key that stands in a file is not shown, nor what is sent as a header. */
export function shownValue(name: string, value: unknown): string {
  if (/key$|token$|secret$|headers(?:\.|$)/i.test(name)) return '"(hidden)"';
  // A configuration in TypeScript may hold what JSON cannot.
  return JSON.stringify(value) ?? String(value);
}
