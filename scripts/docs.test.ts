import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const WORK = join(ROOT, "node_modules/.docs-check");

afterAll(() => rm(WORK, { recursive: true, force: true }));

/** Every page a reader may open, by its path from the root. */
async function pages(): Promise<string[]> {
  const found = ["README.md"];
  for (const folder of ["docs", "docs/decisions", "packages", "apps"]) {
    for (const entry of await readdir(join(ROOT, folder), { withFileTypes: true })) {
      if (entry.name.endsWith(".md")) found.push(join(folder, entry.name));
      else if (folder === "packages" || folder === "apps") found.push(join(folder, entry.name, "README.md"));
    }
  }
  return found;
}

it("every TypeScript snippet in the docs compiles as it stands", async () => {
  await rm(WORK, { recursive: true, force: true });
  await mkdir(WORK, { recursive: true });
  let count = 0;
  for (const page of await pages()) {
    const text = await readFile(join(ROOT, page), "utf8");
    for (const [, code] of text.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
      count += 1;
      await writeFile(join(WORK, `${page.replaceAll(/[/.]/g, "_")}_${count}.ts`), code!);
    }
  }
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: { rootDir: "../..", lib: ["es2024", "esnext.disposable", "dom"] },
    include: ["*.ts"],
    exclude: [],
  };
  await writeFile(join(WORK, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  const { stdout } = await promisify(execFile)(tsc, ["-p", WORK, "--pretty", "false"]).catch(
    (failed: { stdout: string }) => failed,
  );

  expect(stdout.replaceAll("node_modules/.docs-check/", "")).toBe("");
  expect(count).toBeGreaterThanOrEqual(8);
});

const PROGRAMS = ["durability", "events", "failures", "orchestrations", "questions", "shared-state"].map(
  (page) => `docs/${page}.md`,
);

it.each(["packages/core/README.md", ...PROGRAMS])(
  "every program in %s prints what stands under it",
  async (page) => {
    const folder = await mkdtemp(join(tmpdir(), "docs-"));
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
    await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
    const text = await readFile(join(ROOT, page), "utf8");
    const programs = [...text.matchAll(/^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)];
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
