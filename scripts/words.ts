/**
 * One word for one thing. No two files of a package export types of one name. Every file and exported type is named
 * with a word that a glossary explains: `docs/concepts.md` for users, `docs/inside.md` for the engine. No word stands
 * in both.
 *
 *     node scripts/words.ts    fails on a doubled name or an unexplained one
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Breach, runGate } from "./gate.ts";
import { packageFolders, parse, type SourceFile, type SyntaxNode, sourceFiles } from "./source-files.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const GLOSSARIES = ["docs/concepts.md", "docs/inside.md"];

/** Every breach in every package, app and glossary. */
export function allWordBreaches(): Breach[] {
  const pages = GLOSSARIES.map((page) => join(root, page))
    .filter((page) => existsSync(page))
    .map((page) => glossaryTerms(readFileSync(page, "utf8")));
  const known = new Set(pages.flat().flatMap(wordsOf));
  return [
    ...twice(pages.flat()),
    ...packageFolders().flatMap((folder) => {
      const files = sourceFiles(folder);
      return [...doubledNames(folder, files), ...unexplainedNames(folder, files, known)];
    }),
  ];
}

/** The terms of a glossary: what stands in bold type in a row of a table. */
export function glossaryTerms(page: string): string[] {
  return [...page.matchAll(/^\|.*\|$/gm)].flatMap(([row]) =>
    [...row.matchAll(/\*\*(.+?)\*\*/g)].map(([, term = ""]) => term),
  );
}

/** Names of types that more than one file of the package exports. */
export function doubledNames(folder: string, files: readonly SourceFile[]): Breach[] {
  const places = new Map<string, string[]>();
  for (const file of files) {
    for (const name of exportedTypes(file)) places.set(name, [...(places.get(name) ?? []), file.path]);
  }
  return [...places]
    .filter(([, paths]) => paths.length > 1)
    .map(([name, at]) => ({ key: `${folder}: ${at.length} files export a type ${name}`, at }));
}

/** The last words of names of files and exported types of which no word is in a glossary. */
export function unexplainedNames(
  folder: string,
  files: readonly SourceFile[],
  known: ReadonlySet<string>,
): Breach[] {
  const breaches = new Map<string, string[]>();
  for (const file of files) {
    for (const name of nounsOf(file)) {
      const words = wordsOf(name);
      if (words.some((word) => known.has(word))) continue;
      const key = `${folder}: no glossary explains ${words.at(-1)}`;
      breaches.set(key, [...(breaches.get(key) ?? []), `${name} in ${file.path}`]);
    }
  }
  return [...breaches].sort().map(([key, at]) => ({ key, at }));
}

/** The names of a file: its own, unless it is that of a function, which says what it does; and its exported types. */
function nounsOf(file: SourceFile): string[] {
  const name = basename(file.path).replace(/\.tsx?$/, "");
  const functions = exportsOf(file, /^(TSDeclareFunction|FunctionDeclaration)$/).map(kebab);
  return [...(functions.includes(name) ? [] : [name]), ...exportedTypes(file)];
}

/** The types and classes that a file declares and exports. */
export function exportedTypes(file: SourceFile): string[] {
  return exportsOf(file, /^(TSInterface|TSTypeAlias|Class)Declaration$/);
}

/** The names that a file declares by such declarations and exports. */
function exportsOf(file: SourceFile, declared: RegExp): string[] {
  const names = (parse(file)["body"] as SyntaxNode[]).flatMap((statement) => {
    const declaration = statement["declaration"] as SyntaxNode | null | undefined;
    if (!declaration || !declared.test(declaration.type)) return [];
    return [(declaration["id"] as { readonly name: string }).name];
  });
  return [...new Set(names)];
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}

function twice(terms: readonly string[]): Breach[] {
  const doubled = new Set(terms.filter((term, index) => terms.indexOf(term) !== index));
  return [...doubled].map((term) => ({ key: `the glossaries explain ${term} twice`, at: [] }));
}

/** The words of a name or a term, small and in the singular. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map(singular);
}

function singular(word: string): string {
  if (/(ss|us|is|as)$/.test(word)) return word;
  if (/(ch|sh|x)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.replace(/s$/, "");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) runGate("words", allWordBreaches());
