import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { init, initNew } from "./init.ts";
import type { Trust } from "./trust.ts";

const trust: Trust = {
  allows: () => Promise.resolve(false),
  remember: () => Promise.resolve(),
  follow: () => undefined,
  stateOf: () => Promise.resolve("new"),
  changesOf: () => Promise.resolve(undefined),
};
const parts = { version: "1.0.0", trust, orch: "orch" };
let root: string;
let folder: string;
let outside: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "orch-inside-"));
  folder = join(root, "clone");
  outside = join(root, "outside");
  await mkdir(folder);
  await mkdir(outside);
  await writeFile(join(outside, "precious"), "{}\n");
});
afterEach(() => rm(root, { recursive: true, force: true }));

it.each([
  ["orc", "../outside"],
  ["orch.config.json", "../outside/new"],
  ["package.json", "../outside/new"],
  ["tsconfig.json", "../outside/new"],
])("T03: init follows no link out of the folder: %s", async (name, target) => {
  await symlink(target, join(folder, name));
  await expect(init(folder, parts)).rejects.toMatchObject({ code: "ORCH_CONFIG" });
  await expect(initNew(folder, "mine", parts)).rejects.toMatchObject({
    code: "ORCH_CONFIG",
  });
  expect(await readdir(outside)).toEqual(["precious"]);
  expect(await readdir(folder)).toEqual([name]);
});

it("T03: a file of the folder that leads to a precious one stays what it is", async () => {
  await symlink("../outside/precious", join(folder, "orch.config.json"));
  await expect(init(folder, parts)).rejects.toThrow();
  await expect(initNew(folder, "mine", parts)).rejects.toMatchObject({
    code: "ORCH_CONFIG",
  });
  expect(await readFile(join(outside, "precious"), "utf8")).toBe("{}\n");
});

it("writes where nothing is a link", async () => {
  await init(folder, parts);
  await initNew(folder, "mine", parts);
  expect((await readdir(join(folder, "orc"))).toSorted()).toContain("mine.ts");
});
