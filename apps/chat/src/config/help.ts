/** The answer to `orch --help`. */
import { COMMANDS, OPTIONS } from "./command-line.ts";

const COLUMN = 40;

const commands = COMMANDS.map(({ usage, does }) => `  ${usage.padEnd(COLUMN)} ${does}\n`);

const options = Object.entries(OPTIONS).map(([name, option]) => {
  const short = "short" in option ? `-${option.short}, ` : "    ";
  const value =
    "value" in option ? ` <${option.value}>` : "optional" in option ? `[=${option.optional}]` : "";
  return `  ${`${short}--${name}${value}`.padEnd(25)} ${option.does}\n`;
});

export const helpText = `orch: a chat in the terminal that routes every message through a typed orchestration

${commands.join("")}
Options
${options.join("")}
Exit codes and the JSON formats: docs/cli.md
`;
