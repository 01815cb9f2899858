/**
 * Writes the tables of known servers in docs/providers/servers.md from the presets and from what is known of where each fact stands.
 *
 *     node scripts/providers-doc.ts            writes them
 *     node scripts/providers-doc.ts --check    fails when they are stale, or a preset has a habit without a source
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Compat, compatOf } from "../packages/agents/src/providers/openai-compatible/compat.ts";
import { PRESETS, type Preset } from "../packages/agents/src/providers/openai-compatible/presets.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = join(root, "docs/providers/servers.md");
const facts = join(root, "packages/agents/src/providers/openai-compatible/preset-facts.json");
const [BEGIN, END] = ["<!-- presets: node scripts/providers-doc.ts -->", "<!-- end of presets -->"];

interface Fact {
  readonly fact: string;
  /** The flags that the preset sets because of it. */
  readonly flags: readonly string[];
  /** The page that was read, and when; absent where the fact is assumed. */
  readonly source?: string;
  readonly date?: string;
  /**
   * `recorded` is what somebody published of how a server answers. `assumed` is what was found in neither way: the preset does it because
   * OpenAI or servers like this one do.
   */
  readonly status: "documented" | "recorded" | "assumed";
  /** A part of the title of the test that shows it, and the file, as docs/ links to it. */
  readonly test: string;
  readonly file: string;
}

/** The page as it must be, and what is wrong with the facts. */
export interface ProvidersDoc {
  readonly text: string;
  readonly problems: readonly string[];
}

/** Makes the page from what it says now, the presets and the facts. */
export function providersDoc(): ProvidersDoc {
  const known = JSON.parse(readFileSync(facts, "utf8")) as { readonly [preset: string]: readonly Fact[] };
  const presets = Object.keys(PRESETS) as Preset[];
  const before = readFileSync(page, "utf8");
  const [head, rest] = before.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (tail === undefined)
    return { text: before, problems: [`docs/providers/servers.md has no lines ${BEGIN} and ${END}`] };
  const tables = [flagTable(presets), ...presets.map((preset) => factTable(preset, known[preset] ?? []))];
  return {
    text: `${head}${BEGIN}\n\n${tables.filter((table) => table !== "").join("\n\n")}\n\n${END}${tail}`,
    problems: presets.flatMap((preset) => problemsOf(preset, known[preset] ?? [])),
  };
}

/** Whether docs/providers/servers.md says what the presets say. */
export function providersDocIsFresh(text: string): boolean {
  return readFileSync(page, "utf8") === text;
}

function flagTable(presets: readonly Preset[]): string {
  const rows = presets.map((preset) => {
    const { home, key, keyless, hosts = [] } = PRESETS[preset];
    const variable = key ?? `${preset.toUpperCase()}_API_KEY`;
    const address = home ?? hosts.map((host) => `\`${host.startsWith(".") ? `*${host}` : host}\``).join(", ");
    const keys = preset === "generic" ? "" : keyless ? "none" : `\`${variable}\``;
    return `| \`${preset}\` | ${address} | ${keys} | ${habitsOf(preset).map(shown).join(", ") || "–"} |`;
  });
  return ["| preset | address | key | differs from `generic` in |", "|---|---|---|---|", ...rows].join("\n");
}

function factTable(preset: Preset, known: readonly Fact[]): string {
  if (known.length === 0) return "";
  const rows = known.map(({ fact, source, date, status, test, file }) => {
    const stands = source === undefined ? status : `[${status}](${source}), ${date}`;
    return `| ${fact} | ${stands} | [${file.split("/").at(-1)}](${file}): “${test}” |`;
  });
  return [`\`${preset}\`:`, "", "| fact | where it stands | test |", "|---|---|---|", ...rows].join("\n");
}

function habitsOf(preset: Preset): readonly (readonly [string, Compat[keyof Compat]])[] {
  const generic = compatOf("generic");
  const all = Object.entries(compatOf(preset)) as [keyof Compat, Compat[keyof Compat]][];
  return all.filter(([flag, value]) => value !== generic[flag]);
}

function shown([flag, value]: readonly [string, Compat[keyof Compat]]): string {
  return value === true ? `\`${flag}\`` : `\`${flag}: ${value}\``;
}

function problemsOf(preset: Preset, known: readonly Fact[]): readonly string[] {
  const flags = known.flatMap((fact) => fact.flags);
  const habits = habitsOf(preset).map(([flag]) => flag);
  return [
    ...habits
      .filter((flag) => !flags.includes(flag))
      .map((flag) => `${preset}: nothing says where ${flag} stands`),
    ...flags.filter((flag) => !habits.includes(flag)).map((flag) => `${preset}: ${flag} is as in generic`),
    ...known
      .filter(({ source, date, status }) =>
        [source, date].some((it) => (it === undefined) !== (status === "assumed")),
      )
      .map(
        ({ fact, status }) =>
          `${preset}: "${fact}" is ${status}, with a source and its date if and only if it was read`,
      ),
    ...known.flatMap(({ test, file }) => {
      const path = join(root, "docs/providers", file);
      const there = existsSync(path) && readFileSync(path, "utf8").includes(test);
      return there ? [] : [`${preset}: no test "${test}" in ${file}`];
    }),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, problems } = providersDoc();
  for (const problem of problems) console.error(problem);
  if (!process.argv.includes("--check")) writeFileSync(page, text);
  else if (!providersDocIsFresh(text)) {
    console.error("docs/providers/servers.md is stale: run `node scripts/providers-doc.ts`");
    process.exitCode = 1;
  }
  if (problems.length > 0) process.exitCode = 1;
}
