import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { isolatedDeclarationSync } from "rolldown/experimental";
import { parseSync } from "rolldown/utils";
import type { DeclaredName } from "./declared-name.ts";

/** A node of the syntax tree, as far as it is looked into here. */
interface SyntaxNode {
  readonly type: string;
  /** Offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A name as another module has it. */
interface Origin {
  readonly path: string;
  readonly name: string;
}

/** The declarations of one source. */
interface DeclaredModule {
  readonly names: ReadonlyMap<string, DeclaredName>;
  /** What it exports or imports of other sources of the repository. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** The names that are exported, each with its name inside. */
  readonly exported: ReadonlyMap<string, string>;
}

interface Specifier {
  readonly local: { readonly name: string };
  readonly exported?: { readonly name: string };
  readonly imported?: { readonly name: string };
}

const KINDS: { readonly [type: string]: DeclaredName["kind"] } = {
  TSDeclareFunction: "function",
  FunctionDeclaration: "function",
  ClassDeclaration: "class",
  VariableDeclaration: "const",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
};

/** Reads declarations from the sources of a repository, each source once. */
export class DeclarationReader {
  readonly #root: string;
  readonly #modules = new Map<string, DeclaredModule>();

  /** @param root the folder of the repository */
  constructor(root: string) {
    this.#root = root;
  }

  /** The names that a door exports, in the order of the alphabet. The door is a path from the root. */
  namesOf(door: string): DeclaredName[] {
    const names = [...this.#module(door).exported.keys()].flatMap((name) => {
      const found = this.#find(door, name);
      return found === undefined ? [] : [{ ...found, name }];
    });
    return names
      .filter(({ comment }) => !comment.includes("@internal"))
      .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  }

  #find(path: string, exported: string): DeclaredName | undefined {
    const { names, origins, exported: own } = this.#module(path);
    const name = own.get(exported) ?? exported;
    const origin = origins.get(name);
    return names.get(name) ?? (origin === undefined ? undefined : this.#find(origin.path, origin.name));
  }

  #module(path: string): DeclaredModule {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const source = readFileSync(join(this.#root, path), "utf8");
    const module = moduleOf(path, isolatedDeclarationSync(path, source).code);
    this.#modules.set(path, module);
    return module;
  }
}

function moduleOf(path: string, text: string): DeclaredModule {
  const names = new Map<string, DeclaredName>();
  const origins = new Map<string, Origin>();
  const exported = new Map<string, string>();
  const { program } = parseSync(path.replace(/\.tsx?$/, ".d.ts"), text, { astType: "ts" });
  let end = 0;
  for (const node of program.body as unknown as readonly SyntaxNode[]) {
    const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(end, node.start))?.[0] ?? "";
    end = node.end;
    for (const name of declaredIn(node)) {
      const kind = KINDS[(declarationOf(node) ?? node).type];
      if (kind === undefined) continue;
      const before = names.get(name);
      const declaration = text.slice(node.start, node.end);
      names.set(name, {
        name,
        kind,
        declarations: [...(before?.declarations ?? []), declaration],
        comment: before?.comment || comment,
        path,
      });
      if (node.type === "ExportNamedDeclaration") exported.set(name, name);
    }
    readSpecifiers(node, path, { origins, exported });
  }
  return { names, origins, exported };
}

function readSpecifiers(
  node: SyntaxNode,
  path: string,
  { origins, exported }: { readonly origins: Map<string, Origin>; readonly exported: Map<string, string> },
): void {
  const source = (node["source"] as { readonly value: string } | null | undefined)?.value;
  const from = source?.startsWith(".") ? posix.join(posix.dirname(path), source) : undefined;
  for (const { local, exported: outside, imported } of (node["specifiers"] ?? []) as readonly Specifier[]) {
    if (outside !== undefined) exported.set(outside.name, from === undefined ? local.name : outside.name);
    const here = outside !== undefined && from !== undefined ? outside.name : local.name;
    if (from !== undefined) origins.set(here, { path: from, name: (imported ?? local).name });
  }
}

function declarationOf(node: SyntaxNode): SyntaxNode | undefined {
  return (node["declaration"] as SyntaxNode | null | undefined) ?? undefined;
}

function declaredIn(node: SyntaxNode): string[] {
  const declaration = declarationOf(node) ?? node;
  const id = declaration["id"] as { readonly name: string } | undefined;
  if (id !== undefined && id !== null) return [id.name];
  const variables = (declaration["declarations"] ?? []) as readonly {
    readonly id: { readonly name: string };
  }[];
  return variables.map((variable) => variable.id.name);
}
