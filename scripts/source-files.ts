/** The sources that the gates of the house read: those of packages and apps, without tests and fixtures. */
import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "rolldown/utils";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A source file. */
export interface SourceFile {
  /** From the root of the repository, with slashes: `packages/core/src/index.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A node of the syntax tree, as far as the gates look into it. */
export interface SyntaxNode {
  readonly type: string;
  /** Offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The sources of one package or app (`packages/core`), or of all. */
export function sourceFiles(folder = "{packages,apps}/*"): SourceFile[] {
  return globSync(`${folder}/src/**/*.{ts,tsx}`, { cwd: root })
    .map((path) => path.replaceAll(sep, "/"))
    .filter((path) => !/\.test(-d)?\.tsx?$|\/fixtures\//.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** The folders of all packages and apps, from the root of the repository. */
export function packageFolders(): string[] {
  return globSync("{packages,apps}/*/package.json", { cwd: root })
    .map((path) => path.replaceAll(sep, "/").replace("/package.json", ""))
    .sort();
}

/** The doors of a package by their names (`.`, `./draw`), as paths from the root of the repository. */
export function doorsOf(folder: string): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    readonly exports: { readonly [door: string]: string | { readonly "@orch/source": string } };
  };
  const doors = new Map<string, string>();
  for (const [door, target] of Object.entries(exports)) {
    if (typeof target !== "string") doors.set(door, `${folder}/${target["@orch/source"].slice(2)}`);
  }
  return doors;
}

/** Parses a source. Throws where its syntax is wrong. */
export function parse({ path, text }: SourceFile): SyntaxNode {
  const { program, errors } = parseSync(path, text, { astType: "ts" });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  return program as unknown as SyntaxNode;
}

/** The nodes directly below a node. */
export function children(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node)
    .flat()
    .filter((value): value is SyntaxNode => isNode(value));
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function isNode(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";
}
