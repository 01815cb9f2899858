import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Programs } from "../process/programs.ts";
import { quietGit } from "./quiet-git.ts";

let folder: string;
let fired: string;
const programs: Pick<Programs, "read"> = {
  read: async (program, args, cwd) => {
    try {
      return execFileSync(program, [...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      return undefined;
    }
  },
};
const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });
const diff = () => quietGit(["diff", "--end-of-options", "HEAD", "--"], folder, programs as Programs);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiet-git-"));
  fired = join(folder, "fired");
  git("init", "-q");
  await writeFile(join(folder, "a.txt"), "one\n");
  await writeFile(join(folder, ".gitattributes"), "*.txt filter=evil diff=evil\n");
  git("add", ".");
  git("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "one");
  await writeFile(join(folder, "a.txt"), "two words\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("runs no program that the settings of the repository name", async () => {
  const evil = `touch ${fired}; cat`;
  for (const [name, value] of [
    ["core.fsmonitor", `touch ${fired}; false`],
    ["core.pager", evil],
    ["diff.external", `touch ${fired}; true`],
    ["diff.evil.textconv", evil],
    ["diff.evil.command", evil],
    ["filter.evil.clean", evil],
    ["filter.evil.process", evil],
    ["filter.evil.required", "true"],
  ] as const)
    git("config", name, value);
  expect(await diff()).toContain("+two words");
  expect(existsSync(fired)).toBe(false);
  git("config", "filter.a=b.clean", evil);
  expect(await diff()).toBeUndefined();
  expect(existsSync(fired)).toBe(false);
  // The trap works: git alone steps into it, and fails on what it finds there.
  expect(() => git("diff", "HEAD")).toThrow();
  expect(existsSync(fired)).toBe(true);
});
