/** `orch config trust`: what `--trust` would allow in this folder, and what holds without it. */
import { readFile } from "node:fs/promises";
import { shownValue } from "../config/explain.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Trust } from "../config/trust.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";

/** Lines about everything in the folder that waits for the user's word. No code of the folder runs for it. */
export async function trustReport(
  { config, foreign, origins }: LoadedConfig,
  trust: Trust,
): Promise<SafeText> {
  const files = await codeFiles(config.orchestrations ?? {}, trust);
  if (foreign === undefined && files.length === 0)
    return safe`This folder configures nothing, so there is nothing to trust.`;
  const lines: string[] = [];
  if (foreign !== undefined) {
    lines.push(`${foreign.file} is not your own file. ${verdictOn(foreign)}`);
    for (const { setting, value, why } of foreign.weighty)
      lines.push(`  ${setting} = ${shownValue(setting, value)}   ${why}`);
    const held = [...origins].filter(([, from]) => from.some(({ layer }) => layer === foreign.file));
    const weighty = foreign.weighty.map(({ setting }) => setting);
    const harmless = held
      .map(([name]) => name)
      .filter((name) => !weighty.some((one) => name === one || name.startsWith(`${one}.`)));
    if (harmless.length > 0 && !foreign.code)
      lines.push(`Without being asked holds: ${harmless.join(", ")}.`);
  }
  if (files.length > 0) lines.push("Code that would run as you, with all that it imports:", ...files);
  // Nothing of what a stranger wrote may be overlooked, so hidden characters are named.
  return visibleText(lines.join("\n"), { multiline: true });
}

function verdictOn({ code, weighty, trusted }: NonNullable<LoadedConfig["foreign"]>): string {
  if (code)
    return trusted ? "You trust its code, as it is now." : "It is code, which runs only after --trust.";
  if (weighty.length === 0) return "It sets nothing that needs your word.";
  return trusted ? "You trust what it sets, as it is now:" : "These settings are skipped until --trust:";
}

async function codeFiles(
  orchestrations: NonNullable<LoadedConfig["config"]["orchestrations"]>,
  trust: Trust,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [name, { file }] of Object.entries(orchestrations)) {
    if (file === undefined) continue;
    const text = await readFile(file, "utf8").catch(() => undefined);
    const state =
      text === undefined
        ? "cannot be read"
        : (await trust.allows(file, text))
          ? "trusted"
          : "not trusted, so it does not run";
    lines.push(`  ${name}: ${file}   ${state}`);
  }
  return lines;
}
