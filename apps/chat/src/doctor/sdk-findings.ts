/** The SDKs of providers: those inside the program, and those that code of the folder finds. Only their `package.json` is read. */
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseJson } from "@orch/core";
import { sdkVersions } from "../process/version.ts";
import { type Diagnosis, fine, note } from "./diagnosis.ts";

/** What is looked for in the folder, besides the packages of these scopes. */
const PACKAGES = ["openai", "@anthropic-ai/sdk", "@modelcontextprotocol/client", "ai", "zod"];
const SCOPES = ["@ai-sdk", "@orch"];
/** A `package.json` that is larger is none, in bytes. */
const LARGEST = 1024 * 1024;
/** The majors of `@ai-sdk/provider` whose models are understood. */
const AI_SDK_MAJORS: readonly number[] = [3, 4];

/** A package that is installed. */
interface Installed {
  readonly name: string;
  readonly version: string;
  /** Ranges by the names of packages. */
  readonly needs: Ranges;
  /** The same of packages that whoever installs it brings along. */
  readonly peers: Ranges;
}

type Ranges = { readonly [name: string]: unknown };

/** Lines about the SDKs, each with its version. */
export async function sdkFindings(folder: string): Promise<readonly Diagnosis[]> {
  const own = Object.entries(sdkVersions).map(([name, version]) => ({ name, version }));
  const built =
    own.length === 0
      ? note("sdks", "The program runs from its sources, with the SDKs of the workspace.")
      : fine("sdks", `In the program: ${listOf(own)}.`, { bundled: sdkVersions });
  const installed = await installedFor(folder);
  if (installed.length === 0) return [built];
  const facts = { installed: Object.fromEntries(installed.map(({ name, version }) => [name, version])) };
  const here = fine("sdks", `Code of this folder finds: ${listOf(installed)}.`, facts);
  return [built, here, ...installed.flatMap((one) => problemsOf(one, installed))];
}

function listOf(packages: readonly Pick<Installed, "name" | "version">[]): string {
  return packages.map(({ name, version }) => `${name} ${version}`).join(", ");
}

/** The packages that a file in the folder would import, by name. The nearest `node_modules` that has one counts. */
async function installedFor(folder: string): Promise<readonly Installed[]> {
  const found = new Map<string, Installed>();
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    const scoped = await Promise.all(SCOPES.map((scope) => namesIn(modules, scope)));
    for (const name of [...PACKAGES, ...scoped.flat()]) {
      const one = found.has(name) ? undefined : await packageAt(modules, name);
      if (one !== undefined) found.set(name, one);
    }
    if (dirname(at) === at) break;
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

async function namesIn(modules: string, scope: string): Promise<readonly string[]> {
  const names = await readdir(join(modules, scope)).catch(() => []);
  return names.map((name) => `${scope}/${name}`);
}

async function packageAt(modules: string, name: string): Promise<Installed | undefined> {
  const file = join(modules, name, "package.json");
  try {
    const about = await stat(file);
    if (!about.isFile() || about.size > LARGEST) return undefined;
    const { version, dependencies, peerDependencies } = parseJson(await readFile(file, "utf8")) as Ranges;
    if (typeof version !== "string") return undefined;
    return { name, version, needs: rangesIn(dependencies), peers: rangesIn(peerDependencies) };
  } catch {
    return undefined;
  }
}

function rangesIn(value: unknown): Ranges {
  return typeof value === "object" && value !== null ? (value as Ranges) : {};
}

/** What of the folder does not fit together. */
function problemsOf(
  { name, version, needs, peers }: Installed,
  all: readonly Installed[],
): readonly Diagnosis[] {
  const problems: Diagnosis[] = [];
  const spec = needs["@ai-sdk/provider"];
  const [major] = numbersIn(typeof spec === "string" ? spec : "");
  if (name.startsWith("@ai-sdk/") && major !== undefined && !AI_SDK_MAJORS.includes(major))
    problems.push(
      note(
        "sdks",
        `The models of ${name} ${version} cannot be used: it is made for @ai-sdk/provider ${String(spec)}.`,
        `Install a version of it that is made for @ai-sdk/provider ${AI_SDK_MAJORS.join(" or ")}.`,
      ),
    );
  if (!name.startsWith("@orch/")) return problems;
  for (const other of all) {
    const range = peers[other.name];
    if (typeof range === "string" && fits(range, other.version) === false)
      problems.push(
        note(
          "sdks",
          `${name} ${version} needs ${other.name} ${range}, and ${other.version} is installed.`,
          `Install ${other.name}@${range} in this folder.`,
        ),
      );
  }
  return problems;
}

/** Whether a version is in a range like `^7.57.0`; `undefined` for ranges of another form. */
function fits(range: string, version: string): boolean | undefined {
  if (!/^\^\d+\.\d+\.\d+$/.test(range)) return undefined;
  const [least, is] = [numbersIn(range), numbersIn(version)];
  const at = least.findIndex((number, place) => number !== is[place]);
  if (at < 0) return true;
  // Of a version that begins with zeros what is left of the first other number must be the same.
  const fixed = Math.max(
    0,
    least.findIndex((number) => number > 0),
  );
  return at > fixed && (is[at] ?? 0) > least[at]!;
}

function numbersIn(text: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "").split(".").filter(Boolean).map(Number);
}
