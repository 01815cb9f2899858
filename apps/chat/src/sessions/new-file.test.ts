import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "../../../../scripts/lanes.ts";
import { writeNewFile } from "./new-file.ts";
import { readImport } from "./session-acts.ts";

let base: string;
let root: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "orch-new-file-"));
  root = join(base, "root");
  await mkdir(join(root, "docs/deep"), { recursive: true });
  await mkdir(join(base, "root-twin"));
  await writeFile(join(base, "secret.txt"), "secret");
  await symlink(base, join(root, "up"));
  await symlink("../root-twin", join(root, "twin"));
  await symlink("/", join(root, "slash"));
  await symlink("up", join(root, "twice"));
  await symlink(join(base, "secret.txt"), join(root, "file.md"));
  await symlink(join(base, "made.md"), join(root, "dangling.md"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

/** Ways out of a folder, each to a file of some name. */
function* escapes(): Generator<string> {
  const ways = [
    ...["..", "../root-twin", "docs/../..", "docs/deep/../../..", "./..", "docs/./../..", "docs//..//.."],
    ...["up", "twin", "slash/tmp", "twice", "up/root-twin", "twice/root-twin", "docs/../up", "slash/etc"],
    ...[base, `${root}-twin`, `${root}/..`, "/etc", "//etc", "/proc/self/cwd/..", "/dev", "up/root/.."],
  ];
  for (const way of ways)
    for (const name of ["secret.txt", "made.md", "x/../made.md", "./made.md"]) yield `${way}/${name}`;
  yield* [
    "",
    ".",
    "..",
    "/",
    "../",
    "up",
    "twin",
    "slash",
    "file.md",
    "dangling.md",
    "made.md\0",
    "../made.md\0",
  ];
}

test("150 path and link escapes: an export writes, and an import reads, nothing outside of its folder", async () => {
  const before = [await readdir(base), await readdir(join(base, "root-twin"))];
  let refused = 0;
  for (const name of escapes()) {
    const end = await writeNewFile(root, name, "written").catch(() => "refused");
    expect(end, `writes ${JSON.stringify(name)}`).not.toBe("written");
    await expect(readImport(root, name, true), `reads ${JSON.stringify(name)}`).rejects.toThrow();
    refused += 2;
  }
  expect([await readdir(base), await readdir(join(base, "root-twin"))]).toEqual(before);
  expect(await readFile(join(base, "secret.txt"), "utf8")).toBe("secret");
  expect(refused).toBeGreaterThanOrEqual(150);
  figure(`path and link escapes of exports and imports: ${refused}, refused: ${refused}`);
});
