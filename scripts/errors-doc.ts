/**
 * Writes docs/errors.md from the registers of all packages: one paragraph per error code.
 *
 *     node scripts/errors-doc.ts            writes the page
 *     node scripts/errors-doc.ts --check    fails when the page is stale, or a code has no paragraph
 */
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = join(root, "docs/errors.md");

/** The page as it must be, and what is wrong with the registers it was made from. */
export interface ErrorsDoc {
  readonly text: string;
  /** Codes that a source names and no register explains, or that two registers explain; and crowded files. */
  readonly problems: readonly string[];
}

/** Reads every register and every source, and gives the page they ask for. */
export async function errorsDoc(): Promise<ErrorsDoc> {
  const paragraphs = new Map<string, string>();
  const problems: string[] = [];
  let text = `# Errors

Every error that Orch throws has a stable \`code\`, the \`facts\` it was made of, a sentence that says what happened and
one that says the way out (\`fix\`). Narrow with \`isOrchError(error, "ORCH_...")\`, which gives \`facts\` their type.
This page is generated from the registers of the packages (\`src/errors/register.ts\`) by
\`node scripts/errors-doc.ts\`; do not edit it by hand.
`;
  for (const register of find("{packages,apps}/*/src/errors/register.ts")) {
    const { errorCodes } = (await import(pathToFileURL(join(root, register)).href)) as {
      readonly errorCodes: Readonly<Record<string, string>>;
    };
    const folder = register.slice(0, register.indexOf("/src/"));
    text += `\n## ${nameOf(folder)}\n`;
    for (const [code, paragraph] of Object.entries(errorCodes).sort(byCode)) {
      if (paragraphs.has(code))
        problems.push(`${code} is explained in two registers; the second is ${register}`);
      paragraphs.set(code, paragraph);
      text += `\n### ${code}\n\n${paragraph}\n`;
    }
  }
  for (const [code, file] of codesInSources()) {
    if (!paragraphs.has(code)) problems.push(`${code} (${file}) has no paragraph in its package's register`);
  }
  return { text, problems: [...problems, ...crowdedFiles()] };
}

/** Files of errors that hold more than one class, or one that the file is not named after. */
function crowdedFiles(): string[] {
  return find("{packages,apps}/*/src/errors/*.ts").flatMap((file) => {
    if (file.endsWith(".test.ts")) return [];
    const source = readFileSync(join(root, file), "utf8");
    const classes = [...source.matchAll(/^export (?:abstract )?class (\w+)/gm)].map(([, name = ""]) => name);
    const name = basename(file, ".ts").replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const odd = classes.length > 1 || (classes[0] !== undefined && classes[0] !== name);
    return odd ? [`${file} holds ${classes.join(", ")}: one class, one file, named after it`] : [];
  });
}

/** Whether docs/errors.md says what the registers say. */
export function errorsDocIsFresh(text: string): boolean {
  return existsSync(page) && readFileSync(page, "utf8") === text;
}

/** A code counts when an error class is made with it; other words that begin alike (environment names) do not. */
function codesInSources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of find("{packages,apps}/*/src/**/*.{ts,tsx}")) {
    if (/\.test(-d)?\.tsx?$/.test(file) || file.endsWith("/register.ts")) continue;
    const source = readFileSync(join(root, file), "utf8");
    const pattern = dirname(file).endsWith("/errors")
      ? /"(ORCH_[A-Z0-9_]+)"/g
      : /super\(\s*"(ORCH_[A-Z0-9_]+)"/g;
    for (const [, code] of source.matchAll(pattern)) if (code !== undefined) found.set(code, file);
  }
  return found;
}

function find(pattern: string): string[] {
  return globSync(pattern, { cwd: root }).map(slashes).sort();
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}

function nameOf(folder: string): string {
  const { name } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    readonly name: string;
  };
  return name;
}

function byCode([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, problems } = await errorsDoc();
  for (const problem of problems) console.error(problem);
  if (!process.argv.includes("--check")) {
    writeFileSync(page, text);
  } else if (!errorsDocIsFresh(text)) {
    console.error("docs/errors.md is stale: run `node scripts/errors-doc.ts`");
    process.exitCode = 1;
  }
  if (problems.length > 0) process.exitCode = 1;
}
