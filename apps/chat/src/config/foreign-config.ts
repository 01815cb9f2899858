/** What a configuration that merely lies in the folder would like, and what of it holds. */
import type { Config } from "./config.ts";
import { judgeSettings, type WeightySetting } from "./harmless-settings.ts";
import type { Trust, TrustSubject } from "./trust.ts";

/** A configuration that is not the user's own. */
export interface ForeignConfig {
  readonly file: string;
  /** Whether the file is code itself: `orch.config.ts`. What it sets is known only after it ran. */
  readonly code: boolean;
  /** The settings that wait for the user's word. Empty for code. */
  readonly weighty: readonly WeightySetting[];
  /** Whether the user gave that word for this content. */
  readonly trusted: boolean;
  /** What that word is given for. */
  readonly subject: TrustSubject;
  /** What is said of it while it is not trusted; one of the warnings of the configuration. */
  readonly warning?: string;
}

/** The settings of a stranger's file that hold, what to say about the others, and what was asked for. */
export interface JudgedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
  readonly foreign: ForeignConfig;
}

/** Takes what is harmless from the settings of a stranger's `file`, and all of them once the user trusts them. */
export async function judgeForeign(
  file: string,
  config: Config,
  below: Config,
  trust: Trust,
): Promise<JudgedConfig> {
  const { harmless, weighty } = judgeSettings(config, below);
  const content = weighty.map(({ setting, value }) => [setting, value]);
  const parts = Object.fromEntries(
    weighty.map(({ setting, value }) => [setting, JSON.stringify(value) ?? ""]),
  );
  const subject: TrustSubject = { name: `${file}#settings`, content: JSON.stringify(content), parts };
  const trusted = weighty.length === 0 || (await trust.allows(subject));
  const foreign: ForeignConfig = { file, code: false, weighty, trusted, subject };
  if (trusted) return { config, warnings: [], foreign };
  const warning = skippedSentence(file, weighty);
  return { config: harmless, warnings: [warning], foreign: { ...foreign, warning } };
}

function skippedSentence(file: string, weighty: readonly WeightySetting[]): string {
  const names = weighty.map(({ setting }) => setting);
  const [first, ...others] = weighty;
  const said = others.length === 0 ? `${names[0]}, which ${first?.why}` : names.join(", ");
  return `${file} comes with the folder, so what it may not decide is skipped: ${said}. "orch config trust" shows it. Read it, then start once with --trust.`;
}
