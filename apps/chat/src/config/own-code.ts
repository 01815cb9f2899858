/**
 * Code of the user's own: a file and the files it imports, as they stood when they were loaded. Node keeps a module for
 * as long as the process lives, so a file that was edited is imported by a fresh address, and so is every file that it
 * imports by a path. Packages are shared. The old modules stay in memory: a few kilobytes for each time a file was saved.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type LoadHookSync, type ResolveHookSync, registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LOAD_TAG, OWN_TAG, offerModules } from "./offer-modules.ts";

/** The query that tells one load of a file from another, of this copy of the program. */
const LOAD = new RegExp(`[?]${OWN_TAG.replace(".", "\\.")}(\\d+)`);
const BY_PATH = /^(\.{0,2}\/|file:|#)/;
const IMPORTS_OR_EXPORTS = /^\s*(import|export)\b/m;

const loads = new Map<string, OwnCode>();
let hooked = false;
let count = 0;

/** One load of a file with all that it imports. */
export class OwnCode {
  readonly file: string;
  /** The text of each file that was read, by its path; a file that an import did not find is `undefined`. */
  readonly texts = new Map<string, string | undefined>();
  /** Files whose syntax is told by the parser for TypeScript, which knows places. */
  readonly parsed = new Set<string>();
  /** An import that led nowhere; `importer` is the file that has it. */
  missing: { readonly specifier: string; readonly importer: string } | undefined;
  readonly #id: string;
  #exports: Promise<Readonly<Record<string, unknown>>> | undefined;

  /** `text` is what the user trusts, so it is what runs, whatever is in the file by then. */
  constructor(file: string, text: string) {
    this.file = file;
    this.texts.set(file, text);
    count += 1;
    this.#id = String(count);
    loads.set(this.#id, this);
  }

  /** Runs the file, once, and gives what it exports. Rejects with what Node or the file throws. */
  exports(): Promise<Readonly<Record<string, unknown>>> {
    this.#exports ??= this.#import();
    return this.#exports;
  }

  /** Whether one of the files is not what it was. */
  async changed(): Promise<boolean> {
    for (const [file, text] of this.texts) {
      const now = await readFile(file, "utf8").catch(() => undefined);
      if (now !== text) return true;
    }
    return false;
  }

  /** The text of a file of this load, read now if it was not. */
  read(file: string): string {
    const known = this.texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(file, "utf8");
    this.texts.set(file, text);
    return text;
  }

  /** Lets the parser for TypeScript read a file in plain JavaScript, whose mistake Node told without its place. */
  async parse(file: string): Promise<void> {
    this.parsed.add(file);
    await import(`${this.#address(file)}&parse`);
  }

  async #import(): Promise<Readonly<Record<string, unknown>>> {
    await offerModules();
    if (!hooked) registerHooks({ resolve, load });
    hooked = true;
    return (await import(this.#address(this.file))) as Readonly<Record<string, unknown>>;
  }

  #address(file: string): string {
    return `${pathToFileURL(file).href}?${OWN_TAG}${this.#id}`;
  }
}

/** The file in an address, or in a line of a stack, when it belongs to a load. */
export function ownPath(url: string): string | undefined {
  const tagged = url.indexOf(`?${LOAD_TAG}`);
  return tagged < 0 ? undefined : fileURLToPath(url.slice(0, tagged));
}

function loadOf(url: string | undefined): OwnCode | undefined {
  const id = url?.match(LOAD)?.[1];
  return id === undefined ? undefined : loads.get(id);
}

const resolve: ResolveHookSync = (specifier, context, next) => {
  const code = loadOf(context.parentURL);
  if (code === undefined || !BY_PATH.test(specifier)) return next(specifier, context);
  try {
    const found = next(specifier, context);
    if (!found.url.startsWith("file:") || found.url.includes("/node_modules/")) return found;
    return { ...found, url: found.url + context.parentURL!.match(LOAD)![0] };
  } catch (error) {
    const importer = ownPath(context.parentURL!)!;
    code.missing = { specifier, importer };
    if (specifier.startsWith("."))
      code.texts.set(fileURLToPath(new URL(specifier, pathToFileURL(importer))), undefined);
    throw error;
  }
};

const load: LoadHookSync = (url, context, next) => {
  const code = loadOf(url);
  const file = ownPath(url);
  if (code === undefined || file === undefined) return next(url, context);
  const text = code.read(file);
  const typed = /\.[mc]?tsx?$/.test(file) || code.parsed.has(file);
  // Without "type" in a package.json Node guesses the same, and warns each time that it had to.
  const esm =
    context.format?.startsWith("module") || (context.format == null && IMPORTS_OR_EXPORTS.test(text));
  if (!esm) return next(url, context);
  return { format: typed ? "module-typescript" : "module", source: text, shortCircuit: true };
};
