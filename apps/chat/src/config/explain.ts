/** Says what a setting is and where it comes from. */

import { nearestName } from "@orch/agents";
import { UsageError } from "../errors/usage-error.ts";
import type { LayeredConfig, Origin } from "./layers.ts";
import { configSchema } from "./schema.ts";

/** Lines about `key` and the settings below it; without a key, all settings. `undefined` when nothing is set there. */
export function explain({ origins }: LayeredConfig, key: string | undefined): string | undefined {
  const found = [...origins].filter(
    ([name]) => key === undefined || name === key || name.startsWith(`${key}.`),
  );
  if (found.length === 0) return undefined;
  return found.map(([name, from]) => explainOne(name, from)).join("\n");
}

/**
 * What `orch config explain` and `/config explain` say of a setting, or of all; `chosen` is what the program chose by itself.
 *
 * @throws UsageError (`ORCH_USAGE`) where there is no such setting, with the nearest one, or else all names at the top.
 */
export function explained(
  config: LayeredConfig,
  key: string | undefined,
  chosen: { readonly [setting: string]: unknown },
): string {
  const text = explain(config, key);
  if (text !== undefined) return text;
  const name = key ?? "";
  const choice = Object.hasOwn(chosen, name) ? chosen[name] : undefined;
  if (choice !== undefined)
    return `${name} = ${JSON.stringify(choice)}   (chosen by the keys in the environment)`;
  const known = Object.keys(configSchema.shape);
  if (known.includes(name)) return `${name} is not set.`;
  const nearest = nearestName(name, [...config.origins.keys(), ...known]);
  const problem = `There is no setting "${name}".`;
  if (nearest !== undefined) throw new UsageError({ problem, nearest });
  const names = known.filter((each) => !each.startsWith("$")).join(", ");
  throw new UsageError({ problem: `${problem} The settings are ${names}, and those inside them.` });
}

function explainOne(name: string, from: readonly Origin[]): string {
  const [last, ...earlier] = from.toReversed();
  const lines = [`${name} = ${shownValue(name, last?.value)}   (${last?.layer ?? "nowhere"})`];
  for (const { value, layer } of earlier) lines.push(`  over ${shownValue(name, value)}   (${layer})`);
  return lines.join("\n");
}

/** A value as JSON. A key that stands in a file is not shown, nor what is sent as a header. */
export function shownValue(name: string, value: unknown): string {
  if (SECRET.test(name)) return '"(hidden)"';
  // A configuration in TypeScript may hold what JSON cannot.
  return JSON.stringify(value, hidden) ?? String(value);
}

const SECRET = /key$|token$|secret$|password$|headers(?:\.|$)/i;

function hidden(name: string, value: unknown): unknown {
  return SECRET.test(name) ? "(hidden)" : value;
}
