/**
 * Finds what users' code can infer and cannot name: types that the declarations behind a package's doors lead to,
 * and that none of its doors exports.
 *
 *     node scripts/forgotten-types.ts    fails on one
 *
 * It reads the declarations that the bundler makes of each file by itself, as the published ones are made
 * (`isolatedDeclarations`): these say everything without inference, so that names are enough to follow them.
 */
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { isolatedDeclarationSync } from "rolldown/experimental";
import { type Breach, runGate } from "./gate.ts";
import {
  children,
  doorsOf,
  packageFolders,
  parse,
  type SourceFile,
  type SyntaxNode,
  sourceFiles,
} from "./source-files.ts";

/** What a name stands for: a declaration of a file. */
interface Declared {
  readonly path: string;
  readonly name: string;
}

/** One file: what it declares, and under which names others may have it. */
interface Module {
  readonly declarations: Map<string, SyntaxNode[]>;
  /** Names for what other files declare. */
  readonly imports: Map<string, Declared>;
  readonly exports: Map<string, Declared>;
}

type Modules = ReadonlyMap<string, Module>;

/** The forgotten types of every package. */
export function allForgottenTypes(): Breach[] {
  return packageFolders().flatMap((folder) => {
    const files = sourceFiles(folder);
    const doors = [...doorsOf(folder).values()];
    return [...undeclared(folder, files), ...forgottenTypes(folder, files, doors)];
  });
}

/** Exports of which a declaration cannot be made without inference: the build of a package refuses them. */
export function undeclared(folder: string, files: readonly SourceFile[]): Breach[] {
  if (!folder.startsWith("packages/")) return [];
  return files.flatMap(({ path, text }) =>
    isolatedDeclarationSync(path, text).errors.map(({ message, codeframe }) => ({
      key: `${path}: ${message}`,
      at: codeframe?.split("\n") ?? [],
    })),
  );
}

/** The types that the doors of one package lead to and do not export, each with the way from a door to it. */
export function forgottenTypes(
  folder: string,
  files: readonly SourceFile[],
  doors: readonly string[],
): Breach[] {
  const modules: Modules = new Map(files.map((file) => [file.path, moduleOf(file)]));
  const ways = new Map<string, string>();
  /** Grows while it is walked. */
  const open: Declared[] = [];
  for (const door of doors) {
    for (const name of modules.get(door)!.exports.keys()) {
      const found = resolve(modules, { path: door, name });
      if (found === undefined || ways.has(keyOf(found))) continue;
      ways.set(keyOf(found), name);
      open.push(found);
    }
  }
  const exported = open.length;
  for (const declared of open) {
    for (const found of mentioned(modules, declared)) {
      if (ways.has(keyOf(found))) continue;
      ways.set(keyOf(found), `${ways.get(keyOf(declared))} -> ${found.name}`);
      open.push(found);
    }
  }
  const forgotten = open.slice(exported).filter((declared) => !isMark(modules, declared));
  return forgotten.map((declared) => {
    const way = ways.get(keyOf(declared))!;
    return { key: `${folder}: no door exports ${declared.name}`, at: [`${declared.path}, by ${way}`] };
  });
}

/** Whether it is a symbol: a key inside of a named type, which nobody has to write. */
function isMark(modules: Modules, { path, name }: Declared): boolean {
  return modules
    .get(path)!
    .declarations.get(name)!
    .every(({ type }) => type === "VariableDeclarator");
}

/** What a declaration mentions, as far as the package declares it. */
function mentioned(modules: Modules, { path, name }: Declared): Declared[] {
  const nodes = modules.get(path)!.declarations.get(name)!;
  return nodes.flatMap(references).flatMap((reference) => {
    const from = reference.from === undefined ? path : posix.join(posix.dirname(path), reference.from);
    const found = reference.from === undefined ? local(modules, from, reference.name) : undefined;
    return found ?? resolve(modules, { path: from, name: reference.name }) ?? [];
  });
}

/** What a name means inside a file. */
function local(modules: Modules, path: string, name: string): Declared | undefined {
  const module = modules.get(path);
  if (module?.declarations.has(name)) return { path, name };
  const imported = module?.imports.get(name);
  return imported && resolve(modules, imported);
}

/** What a file exports under a name, followed to where it is declared; nothing where that is another package. */
function resolve(modules: Modules, { path, name }: Declared): Declared | undefined {
  const exported = modules.get(path)?.exports.get(name);
  if (exported === undefined) return undefined;
  return exported.path === path ? local(modules, path, exported.name) : resolve(modules, exported);
}

function moduleOf(file: SourceFile): Module {
  const { code } = isolatedDeclarationSync(file.path, file.text);
  const module: Module = { declarations: new Map(), imports: new Map(), exports: new Map() };
  const declarations = parse({ path: file.path.replace(/\.tsx?$/, ".d.ts"), text: code });
  for (const statement of declarations["body"] as SyntaxNode[]) read(statement, file.path, module);
  return module;
}

function read(statement: SyntaxNode, path: string, module: Module): void {
  const { source, declaration, specifiers } = statement as {
    readonly source?: { readonly value: string } | null;
    readonly declaration?: SyntaxNode | null;
    readonly specifiers?: readonly Specifier[];
  };
  const from = source ? posix.join(posix.dirname(path), source.value) : path;
  if (statement.type === "ImportDeclaration") {
    for (const { local, imported } of specifiers ?? []) {
      if (imported) module.imports.set(local.name, { path: from, name: imported.name });
    }
  } else if (statement.type !== "ExportNamedDeclaration") declare(statement, module);
  else if (declaration) {
    for (const name of declare(declaration, module)) module.exports.set(name, { path, name });
  } else {
    for (const { local, exported } of specifiers ?? []) {
      if (exported) module.exports.set(exported.name, { path: from, name: local.name });
    }
  }
}

interface Specifier {
  readonly local: { readonly name: string };
  readonly imported?: { readonly name: string };
  readonly exported?: { readonly name: string };
}

/** Notes what a statement declares, and gives the names. */
function declare(statement: SyntaxNode, module: Module): string[] {
  const parts = (statement["declarations"] as SyntaxNode[] | undefined) ?? [statement];
  return parts.flatMap((part) => {
    const name = (part["id"] as { readonly name?: string } | undefined)?.name;
    if (name === undefined) return [];
    module.declarations.set(name, [...(module.declarations.get(name) ?? []), part]);
    return [name];
  });
}

/** A name in a declaration, and the file it is imported from where the type says so itself. */
interface Reference {
  readonly name: string;
  readonly from?: string;
}

/** Fields whose identifiers name a part of the thing itself, not something declared elsewhere. */
const OWN_NAMES: { readonly [type: string]: readonly string[] } = {
  TSPropertySignature: ["key"],
  TSMethodSignature: ["key"],
  PropertyDefinition: ["key"],
  MethodDefinition: ["key"],
  AccessorProperty: ["key"],
  TSNamedTupleMember: ["label"],
  TSTypePredicate: ["parameterName"],
  TSQualifiedName: ["right"],
};

function references(node: SyntaxNode): Reference[] {
  if (node.type === "TSImportType") {
    const { source, qualifier } = node as unknown as { source: { value: string }; qualifier?: SyntaxNode };
    const from = source.value;
    const name = String(qualifier?.["name"] ?? "");
    return [{ name, from }, ...children(node).flatMap(references)];
  }
  if (node.type === "Identifier") {
    return [{ name: String(node["name"]) }, ...children(node).flatMap(references)];
  }
  const skipped = node["computed"] === true ? [] : (OWN_NAMES[node.type] ?? []);
  const rest = Object.entries(node).filter(([field]) => !skipped.includes(field));
  return children(Object.fromEntries(rest) as unknown as SyntaxNode).flatMap(references);
}

function keyOf({ path, name }: Declared): string {
  return `${path}: ${name}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  runGate("forgotten types", allForgottenTypes());
}
