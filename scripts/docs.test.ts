import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { pages, snippets } from "./docs-snippets.ts";
import { thorough } from "./lanes.ts";

const ROOT = join(import.meta.dirname, "..");
/** Where the packages of all examples are found, React among them. */
const WORK = join(ROOT, "examples/node_modules/.docs-check");

afterAll(() => rm(WORK, { recursive: true, force: true }));

// Against what is published, `declarations.test.ts` compiles them in every lane.
it.runIf(thorough)("every TypeScript snippet in the docs compiles as it stands", async () => {
  await rm(WORK, { recursive: true, force: true });
  await mkdir(WORK, { recursive: true });
  const found = await snippets();
  for (const { name, code } of found) await writeFile(join(WORK, name), code);
  const config = {
    extends: "../../../tsconfig.json",
    compilerOptions: { rootDir: "../../..", lib: ["es2024", "esnext.disposable", "dom"], jsx: "react-jsx" },
    include: ["*.ts", "*.tsx"],
    exclude: [],
  };
  await writeFile(join(WORK, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  const { stdout } = await promisify(execFile)(tsc, ["-p", WORK, "--pretty", "false"]).catch(
    (failed: { stdout: string }) => failed,
  );

  expect(stdout.replaceAll(/\S*node_modules\/\.docs-check\//g, "")).toBe("");
  expect(found.length).toBeGreaterThanOrEqual(100);
  expect(found.filter(({ name }) => name.endsWith(".tsx")).length).toBeGreaterThanOrEqual(5);
});

/** Pages of which some program must print something. */
const PROGRAMS = [
  "packages/core/README.md",
  ...["durability", "events", "failures", "orchestrations", "questions", "shared-state", "signals"].map(
    (page) => `docs/${page}.md`,
  ),
];
/** Folders of pages with a program or two. */
const SMALL = ["docs/start", "docs/recipes", "docs/compare"];
const PROGRAM = /^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm;

const MARK = "--- ";

/** What the programs of each page print, and what stands under them. One process runs all, each page in a folder of its own. */
async function runPages(): Promise<ReadonlyMap<string, { readonly printed: string; readonly told: string }>> {
  const folder = await mkdtemp(join(tmpdir(), "docs-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
  const told = new Map<string, string>();
  const main: string[] = [];
  for (const page of await pages()) {
    if (!PROGRAMS.includes(page) && !SMALL.some((small) => page.startsWith(small))) continue;
    const programs = [...(await readFile(join(ROOT, page), "utf8")).matchAll(PROGRAM)];
    const place = `page-${told.size}`;
    await mkdir(join(folder, place));
    main.push(`console.log(${JSON.stringify(MARK + page)});`, `process.chdir("../${place}");`);
    for (const [index, [, code]] of programs.entries()) {
      await writeFile(join(folder, place, `program-${index}.ts`), code!);
      main.push(`await import("../${place}/program-${index}.ts").catch((error) => console.log(error));`);
    }
    told.set(page, programs.map(([, , output]) => output).join(""));
  }
  await mkdir(join(folder, "main"));
  await writeFile(join(folder, "main/main.ts"), main.join("\n"));
  const args = ["--conditions=@orch/source", "--disable-warning=ExperimentalWarning", "main.ts"];
  const options = { cwd: join(folder, "main") };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  await rm(folder, { recursive: true });
  const printed = stdout.split(new RegExp(`^${MARK}`, "m")).map((text) => text.split(/\n([\s\S]*)/));
  return new Map(
    [...told].map(([page, text]) => [
      page,
      { told: text, printed: printed.find(([name]) => name === page)?.[1] ?? "it did not run" },
    ]),
  );
}
let ran: ReturnType<typeof runPages> | undefined;

it("every program in the paths, recipes and comparisons prints what stands under it", async () => {
  ran ??= runPages();
  const small = [...(await ran)].filter(([page]) => SMALL.some((one) => page.startsWith(one)));

  for (const [page, { printed, told }] of small) expect(printed, page).toBe(told);
  expect(small.filter(([, { told }]) => told !== "").length).toBeGreaterThanOrEqual(9);
});

it.each(PROGRAMS)("every program in %s prints what stands under it", async (page) => {
  ran ??= runPages();
  const { printed, told } = (await ran).get(page)!;

  expect(printed).toBe(told);
  expect(told).not.toBe("");
  if (!page.endsWith("README.md")) return;
  // Elsewhere some blocks only define something; a newcomer starts every one.
  const text = await readFile(join(ROOT, page), "utf8");
  expect([...text.matchAll(PROGRAM)]).toHaveLength([...text.matchAll(/^```ts$/gm)].length);
});

it("every link to the repository on GitHub leads to a file of it", async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    const text = await readFile(join(ROOT, page), "utf8");
    for (const [, path] of text.matchAll(
      /\]\(https:\/\/github\.com\/orch-ts\/orch\/(?:blob|tree)\/main\/([^)#\s]+)/g,
    ))
      if (!existsSync(join(ROOT, path!))) broken.push(`${page} -> ${path}`);
  }

  expect(broken).toEqual([]);
});

it("every link between pages leads somewhere", async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    const text = (await readFile(join(ROOT, page), "utf8")).replaceAll(/^```[\s\S]*?^```/gm, "");
    for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      const path = join(ROOT, page, "..", target!);
      const exists = await readdir(join(path, "..")).then(
        (names) => names.includes(path.replace(/\/$/, "").split("/").at(-1)!),
        () => false,
      );
      if (!exists) broken.push(`${page} -> ${target}`);
    }
  }

  expect(broken).toEqual([]);
});

/** The packages that the code of a page imports, as far as a reader has to install them. */
function importedIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```tsx?\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
  return (
    blocks
      // What the chat loads it lends its own packages to.
      .filter((code) => !code.includes('"@orch/chat'))
      .flatMap((code) =>
        [...code.matchAll(/(?:from|import) "((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name = ""]) => name),
      )
      .filter((name) => name !== "node")
  );
}

it("a page of the guides says how its code is installed, and every README of a package does", async () => {
  const missing: string[] = [];
  for (const page of await pages()) {
    // Pages of the reference and the comparisons have code to read beside each other, and the start pages say it in their steps.
    if (!/^(docs\/(?!reference|compare)|packages\/)/.test(page) || page.endsWith("SKILL.md")) continue;
    const text = await readFile(join(ROOT, page), "utf8");
    const lines = [...text.matchAll(/npm install ([^\n`#]+)/g)].flatMap(([, names = ""]) => names.split(" "));
    for (const name of importedIn(text)) if (!lines.includes(name)) missing.push(`${page}: ${name}`);
  }

  expect(missing).toEqual([]);
});

it("a README that travels in a package has no link to a file that stays here", async () => {
  const dead: string[] = [];
  for (const page of (await pages()).filter((path) =>
    /^(packages\/[^/]+|apps\/chat)\/README\.md$/.test(path),
  )) {
    const text = await readFile(join(ROOT, page), "utf8");
    for (const [, target] of text.matchAll(/\]\((?![a-z]+:|#)([^)]+)\)/g)) dead.push(`${page} -> ${target}`);
  }

  expect(dead).toEqual([]);
});
