/** What waits in a folder for the user's word: the same facts for `orch config trust` and for the question on the screen. */
import { readFile } from "node:fs/promises";
import { shownValue } from "../config/explain.ts";
import type { ForeignConfig } from "../config/foreign-config.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Trust, TrustChanges, TrustState, TrustSubject } from "../config/trust.ts";

/** The file of an orchestration of one's own. Nothing of it ran. */
export interface TrustedCode {
  readonly orchestration: string;
  readonly file: string;
  /** Absent where the file cannot be read. */
  readonly subject?: TrustSubject;
  readonly state: TrustState | "unreadable";
}

/** Everything that could be trusted. */
export interface TrustFacts {
  readonly foreign?: ForeignConfig;
  /** How the settings of `foreign` differ from those that were trusted; absent where none were. */
  readonly changes?: TrustChanges;
  /** Whether the file of `foreign` was trusted before it changed. */
  readonly changed: boolean;
  /** The settings of `foreign` that hold without being asked. */
  readonly harmless: readonly string[];
  readonly code: readonly TrustedCode[];
}

/** Gathers the facts. Nothing is granted, and no code of the folder runs. */
export async function trustFacts(
  { config, foreign, origins }: LoadedConfig,
  trust: Trust,
): Promise<TrustFacts> {
  const code: TrustedCode[] = [];
  for (const [orchestration, { file }] of Object.entries(config.orchestrations ?? {})) {
    if (file === undefined) continue;
    const text = await readFile(file, "utf8").catch(() => undefined);
    const subject = text === undefined ? undefined : { name: file, content: text };
    const state = subject === undefined ? "unreadable" : await trust.stateOf(subject);
    code.push({ orchestration, file, state, ...(subject && { subject }) });
  }
  const changes = foreign && (await trust.changesOf(foreign.subject));
  return {
    code,
    harmless: foreign === undefined ? [] : harmlessOf(foreign, origins),
    changed: foreign !== undefined && (await trust.stateOf(foreign.subject)) === "changed",
    ...(foreign && { foreign }),
    ...(changes && { changes }),
  };
}

/** What waits for the user's word; empty where nothing does. */
export function waitingFor({ foreign, code }: TrustFacts): readonly TrustSubject[] {
  const files = code.flatMap(({ subject, state }) =>
    subject !== undefined && state !== "trusted" ? [subject] : [],
  );
  return foreign === undefined || foreign.trusted ? files : [foreign.subject, ...files];
}

/** The facts as lines; text of others stands in them as it is. `word` is how the user gives it, like `--trust`. */
export function trustLines(facts: TrustFacts, word: string): readonly string[] {
  const { foreign, code, harmless } = facts;
  const lines: string[] = [];
  if (foreign !== undefined) {
    lines.push(`${foreign.file} comes with the folder. ${verdictOn(foreign, facts.changed, word)}`);
    for (const [at, { setting, value }] of foreign.weighty.entries())
      lines.push(
        `  ${setting} = ${shownValue(setting, value)}${whyOf(foreign.weighty, at)}${newsOf(setting, facts)}`,
      );
    const removed = foreign.trusted ? [] : (facts.changes?.removed ?? []);
    if (removed.length > 0) lines.push(`  no longer set: ${removed.join(", ")}`);
    if (harmless.length > 0 && !foreign.code)
      lines.push(`Without being asked holds: ${harmless.join(", ")}.`);
  }
  if (code.length > 0) lines.push("Code that would run as you, with all that it imports:");
  for (const { orchestration, file, state } of code)
    lines.push(`  ${orchestration}: ${file}   ${STATES[state]}`);
  return lines;
}

/** The reason of a setting; of several with the same one, one after the other, at the last of them. */
function whyOf(weighty: ForeignConfig["weighty"], at: number): string {
  const { why } = weighty[at]!;
  if (weighty[at + 1]?.why === why) return "";
  return weighty[at - 1]?.why === why ? `   each ${why}` : `   ${why}`;
}

/** What becomes of a file, in words. */
export const STATES: { readonly [state in TrustedCode["state"]]: string } = {
  trusted: "trusted",
  new: "not trusted, so it does not run",
  changed: "changed since you trusted it, so it does not run",
  unreadable: "cannot be read",
};

function verdictOn({ code, weighty, trusted }: ForeignConfig, changed: boolean, word: string): string {
  if (code && trusted) return "You trust its code, as it is now.";
  if (code && changed) return `Its code changed since you trusted it, and runs only after ${word}.`;
  if (code) return `It is code, which runs only after ${word}.`;
  if (weighty.length === 0) return "It sets nothing that needs your word.";
  if (trusted) return "You trust what it sets, as it is now:";
  return changed
    ? `It changed since you trusted it, and these settings are skipped until ${word}:`
    : `These settings are skipped until ${word}:`;
}

/** Only where something was trusted before can anything be news. */
function newsOf(setting: string, { foreign, changes }: TrustFacts): string {
  if (foreign?.trusted !== false || changes === undefined) return "";
  if (changes.added.includes(setting)) return " (new since you trusted it)";
  return changes.changed.includes(setting) ? " (changed since you trusted it)" : "";
}

function harmlessOf(foreign: ForeignConfig, origins: LoadedConfig["origins"]): readonly string[] {
  const weighty = foreign.weighty.map(({ setting }) => setting);
  return [...origins]
    .filter(([, from]) => from.some(({ layer }) => layer === foreign.file))
    .map(([name]) => name)
    .filter((name) => !weighty.some((one) => name === one || name.startsWith(`${one}.`)));
}
