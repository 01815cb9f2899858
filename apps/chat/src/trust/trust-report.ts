/** `orch config trust`: what `--trust` would allow in this folder, and what holds without it. */
import type { LoadedConfig } from "../config/load-config.ts";
import type { Trust } from "../config/trust.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { trustFacts, trustLines, waitingFor } from "./trust-facts.ts";

/** Lines about everything in the folder that waits for the user's word. No code of the folder runs for it. */
export async function trustReport(config: LoadedConfig, trust: Trust): Promise<SafeText> {
  // With --trust the word is given with this very command.
  for (const subject of waitingFor(await trustFacts(config, trust))) await trust.allows(subject);
  const lines = trustLines(await trustFacts(config, trust), "--trust");
  if (lines.length === 0) return safe`This folder configures nothing, so there is nothing to trust.`;
  // Nothing of what a stranger wrote may be overlooked, so hidden characters are named.
  return visibleText(lines.join("\n"), { multiline: true });
}
