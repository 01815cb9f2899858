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

const PROGRAMS = [
  "durability",
  "events",
  "failures",
  "orchestrations",
  "questions",
  "shared-state",
  "signals",
].map((page) => `docs/${page}.md`);

/** Pages with a program or two: one process runs those of all pages, one after another. */
const SMALL = ["docs/start", "docs/recipes", "docs/compare"];
const PROGRAM = /^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm;

it("every program in the paths, recipes and comparisons prints what stands under it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "docs-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
  const names = (await pages()).filter((page) => SMALL.some((small) => page.startsWith(small)));
  const outputs: string[] = [];
  for (const page of names) {
    for (const [, code, output] of (await readFile(join(ROOT, page), "utf8")).matchAll(PROGRAM)) {
      await writeFile(join(folder, `program-${outputs.length}.ts`), code!);
      outputs.push(`${page}\n${output}`);
    }
  }
  const main = outputs.map((output, index) => {
    const page = JSON.stringify(output.split("\n")[0]);
    return `console.log(${page});\nawait import("./program-${index}.ts");`;
  });
  await writeFile(join(folder, "main.ts"), main.join("\n"));
  const args = ["--conditions=@orch/source", "--disable-warning=ExperimentalWarning", "main.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  await rm(folder, { recursive: true });

  expect(stdout).toBe(outputs.join(""));
  expect(outputs.length).toBeGreaterThanOrEqual(9);
});

it.each(["packages/core/README.md", ...PROGRAMS])(
  "every program in %s prints what stands under it",
  async (page) => {
    const folder = await mkdtemp(join(tmpdir(), "docs-"));
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
    await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
    const text = await readFile(join(ROOT, page), "utf8");
    const programs = [...text.matchAll(PROGRAM)];
    for (const [index, [, code, output]] of programs.entries()) {
      const file = join(folder, `program-${index}.ts`);
      await writeFile(file, code!);
      const args = ["--conditions=@orch/source", "--disable-warning=ExperimentalWarning", file];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
      expect(stdout).toBe(output);
    }
    await rm(folder, { recursive: true });

    expect(programs.length).toBeGreaterThan(0);
    // Elsewhere some blocks only define something; a newcomer starts every one.
    if (page.endsWith("README.md")) expect(programs).toHaveLength([...text.matchAll(/^```ts$/gm)].length);
  },
);

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
