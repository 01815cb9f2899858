/**
 * Holds files to 300 lines and functions to 60, in the sources of packages and apps. How hard a function is to
 * follow is the linter's to say (`noExcessiveCognitiveComplexity` in `biome.json`, at most 20).
 *
 *     node scripts/sizes.ts    fails on a file or function that is too long
 */
import { pathToFileURL } from "node:url";
import { type Breach, runGate } from "./gate.ts";
import { children, lineAt, parse, type SourceFile, type SyntaxNode, sourceFiles } from "./source-files.ts";

const FILE_LINES = 300;
const FUNCTION_LINES = 60;

/** Every file and function that is too long. */
export function sizeBreaches(files: readonly SourceFile[] = sourceFiles()): Breach[] {
  return files.flatMap((file) => {
    const lines = lineAt(file.text.trimEnd(), file.text.length);
    const long =
      lines > FILE_LINES ? [{ key: `${file.path} is over ${FILE_LINES} lines`, at: [`${lines} lines`] }] : [];
    return [...long, ...longFunctions(file)];
  });
}

function longFunctions(file: SourceFile): Breach[] {
  return functionsIn(parse(file)).flatMap(({ name, node }) => {
    const first = lineAt(file.text, node.start);
    const lines = lineAt(file.text, node.end) - first + 1;
    if (lines <= FUNCTION_LINES) return [];
    const key = `${file.path}: ${name} is over ${FUNCTION_LINES} lines`;
    return [{ key, at: [`${file.path}:${first} has ${lines} lines`] }];
  });
}

interface NamedFunction {
  readonly name: string;
  readonly node: SyntaxNode;
}

/** All functions below a node, by their own name, or that of what holds them. */
function functionsIn(node: SyntaxNode, holder = "the module"): NamedFunction[] {
  const own = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
  const named = nameOf(node);
  const name = named ?? holder;
  const inside = own ? `a function in ${name}` : name;
  const inner = children(node).flatMap((child) => functionsIn(child, inside));
  return own ? [{ name, node }, ...inner] : inner;
}

function nameOf(node: SyntaxNode): string | undefined {
  const id = (node["id"] ?? node["key"]) as { readonly name?: unknown } | null | undefined;
  return typeof id?.name === "string" ? id.name : undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) runGate("sizes", sizeBreaches());
