/**
 * Compiles programs as a library's author does: against the declarations that are published, and with
 * `declaration: true`, so that every type that an export infers has to have a name.
 */
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isolatedDeclarationSync } from "rolldown/experimental";
import { doorsOf, sourceFiles } from "./source-files.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The compilers that users have, by name. */
export const compilers: { readonly [name: string]: string } = {
  "TypeScript 7": join(root, "node_modules/typescript/lib/tsc.js"),
  "TypeScript 5.9": join(root, "node_modules/typescript-5/lib/tsc.js"),
};

const options = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable", "dom"],
  module: "nodenext",
  moduleDetection: "force",
  types: ["node"],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  jsx: "react-jsx",
  declaration: true,
  emitDeclarationOnly: true,
  outDir: "out",
};

/** A folder of programs beside which our packages are installed, as far as a compiler looks at them. */
export class Consumer {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes one that lasts until {@link remove}. */
  static async create(): Promise<Consumer> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "orch-declarations-")));
    await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
    await linkAll(join(root, "examples/node_modules"), join(folder, "node_modules"));
    await linkAll(join(root, "node_modules"), join(folder, "node_modules"));
    // The app of the docs is not published.
    for (const manifest of globSync("{packages/*,apps/chat}/package.json", { cwd: root })) {
      await publish(dirname(manifest), folder);
    }
    return new Consumer(folder);
  }

  /** Adds a program. */
  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.#folder, path)), { recursive: true });
    await writeFile(join(this.#folder, path), text);
  }

  /** Adds a folder of programs, without their tests. */
  async copy(from: string): Promise<void> {
    const filter = (source: string): boolean => !/node_modules|\.test\.ts$/.test(source);
    await cp(join(root, from), join(this.#folder, from), { recursive: true, filter });
  }

  /** Compiles all programs, and gives what the compiler says. */
  async compile(compiler: string): Promise<string> {
    const include = ["**/*.ts", "**/*.tsx"];
    const config = { compilerOptions: options, include, exclude: ["node_modules", "out"] };
    await writeFile(join(this.#folder, "tsconfig.json"), JSON.stringify(config));
    const args = [compilers[compiler]!, "-p", ".", "--pretty", "false"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: this.#folder }).catch(
      (failed: { stdout: string }) => failed,
    );
    return stdout;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

/** Puts a package into a folder's `node_modules`, with the declarations of all its files. */
async function publish(source: string, folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(root, source, "package.json"), "utf8")) as {
    readonly name: string;
    readonly publishConfig: {
      readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
    };
  };
  const target = join(folder, "node_modules", manifest.name);
  await linkAll(join(root, source, "node_modules"), join(target, "node_modules"));
  const published = { ...manifest, ...manifest.publishConfig };
  await writeFile(join(target, "package.json"), JSON.stringify(published));
  for (const { path, text } of sourceFiles(source)) {
    const { code } = isolatedDeclarationSync(path, text);
    const file = join(target, path.replace(`${source}/src/`, "dist/").replace(/\.tsx?$/, ".d.ts"));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, code.replaceAll(/("\.[^"]*)\.tsx?"/g, `$1.js"`));
  }
  // A door that is built from a file of another name (the app's) leads to it.
  for (const [door, path] of doorsOf(source)) {
    const published = manifest.publishConfig.exports[door];
    const own = path.replace(`${source}/src/`, "./dist/").replace(/\.ts$/, ".d.ts");
    if (typeof published !== "object" || published.types === own) continue;
    const from = `./${relative(dirname(published.types), own)}`.replace(/\.d\.ts$/, ".js");
    await writeFile(join(target, published.types), `export * from "${from}";`);
  }
}

/** Links what is installed in one folder into another, but for our own packages, which would be the sources. */
async function linkAll(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = await readdir(from);
  for (const name of names.filter((one) => one !== "@orch" && !one.startsWith("."))) {
    if (name.startsWith("@")) await linkAll(join(from, name), join(to, name));
    else await symlink(await realpath(join(from, name)), join(to, name), "junction").catch(() => {});
  }
}
