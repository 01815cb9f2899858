/** `orch config explain`: where a setting comes from. */
import { explained } from "../config/explain.ts";
import type { Setup } from "../setup/compose.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { exitCodes } from "./exit-codes.ts";
import type { HeadlessOutput } from "./run-headless.ts";

/** Writes what was asked for, or all settings; gives the exit code. */
export async function runExplain(
  { config, choice: { model, orchestration } }: Setup,
  key: string | undefined,
  { stdout, stderr }: HeadlessOutput,
): Promise<number> {
  for (const warning of config.warnings) stderr.write(line(`orch: ${warning}`));
  stdout.write(line(explained(config, key, { model, orchestration })));
  return exitCodes.done;
}

function line(text: string): SafeText {
  return safe`${visibleText(text, { multiline: true })}\n`;
}
