/** The answer to `orch --help`, and to `--help` after a command. */
import { COMMANDS, OPTIONS } from "./command-line.ts";

const COLUMN = 40;
const PAGE = "https://github.com/orch-ts/orch/blob/main/docs/cli.md";

/** What an option does for some commands alone begins so, and names them. */
const ALONE = /^with "orch [^:]+: /;

/** The commands that an option is for, where it does not say so itself. Any other option is for all. */
const FOR: { readonly [option: string]: readonly string[] } = {
  print: [],
  continue: [],
  resume: [],
  "screen-reader": [],
  orc: ["run"],
  model: ["run", "attach", "acp", "serve", "worker"],
  output: ["run", "attach"],
  json: [
    "run",
    "attach",
    "runs",
    "inbox",
    "answer",
    "signal",
    "cancel",
    "check",
    "sessions",
    "doctor",
    "mcp",
  ],
  input: ["run"],
  "no-session": ["run", "acp", "serve", "check"],
};

const commands = COMMANDS.map(({ usage, does }) => `  ${usage.padEnd(COLUMN)} ${does}\n`);

interface Row {
  readonly name: string;
  readonly shown: string;
  readonly does: string;
}

const rows: readonly Row[] = Object.entries(OPTIONS).map(([name, option]) => {
  const short = "short" in option ? `-${option.short}, ` : "    ";
  const value =
    "value" in option ? ` <${option.value}>` : "optional" in option ? `[=${option.optional}]` : "";
  return { name, shown: `  ${`${short}--${name}${value}`.padEnd(25)} `, does: option.does };
});

/** What the program says of itself. */
export const helpText = `orch: a chat in the terminal that routes every message through a typed orchestration

${commands.join("")}
Options
${rows.map(({ shown, does }) => `${shown}${does}\n`).join("")}
orch <command> --help has the options of one command.
Exit codes and the JSON formats: ${PAGE}
`;

/** What it says of one command: its forms and its options. All of it for a word that is no command, and without one. */
export function helpOf(word: string | undefined): string {
  const forms = COMMANDS.filter((form) => word !== undefined && form.word === word);
  if (forms.length === 0) return helpText;
  const options = rows.flatMap(({ name, shown, does }) => {
    const alone = [...does.matchAll(/"orch (\w+)"/g)].map(([, named]) => named!);
    const of = ALONE.test(does) ? alone : FOR[name];
    return of === undefined || of.includes(word!) ? [`${shown}${does.replace(ALONE, "")}\n`] : [];
  });
  return `${forms.map(({ usage, does }) => `${usage}\n  ${does}\n`).join("\n")}
Options
${options.join("")}
More: ${PAGE}
`;
}
