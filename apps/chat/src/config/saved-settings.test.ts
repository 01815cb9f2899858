import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SavedSettings } from "./saved-settings.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "orch-saved-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));
const open = (keeps = true): SavedSettings => new SavedSettings({ env: {}, home }, keeps);
const read = async (): Promise<unknown> => JSON.parse(await readFile(open().file, "utf8"));

test("keeps choices in a file that only the user can read, one after the other", async () => {
  const saved = open();
  await Promise.all([saved.put(["ui", "theme"], "mono"), saved.put(["ui", "glyphs"], "ascii")]);
  await open().put(["model"], "local/extractive");
  expect(await read()).toEqual({ ui: { theme: "mono", glyphs: "ascii" }, model: "local/extractive" });
  expect(saved.now).toEqual({ ui: { theme: "mono", glyphs: "ascii" } });
  expect((await stat(saved.file)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(saved.file))).mode & 0o777).toBe(0o700);
});

test("writes nothing where nothing is to be kept, and holds the choice for now", async () => {
  const saved = open(false);
  await saved.put(["ui", "theme"], "mono");
  expect(saved.now).toEqual({ ui: { theme: "mono" } });
  await expect(read()).rejects.toThrow("ENOENT");
});

test("leaves a damaged file as it is, says so, and holds the choice for now", async () => {
  const saved = open();
  await mkdir(dirname(saved.file), { recursive: true });
  await writeFile(saved.file, "{ oops");
  await expect(saved.put(["ui", "theme"], "mono")).rejects.toThrow(
    "it is not JSON, so nothing is added to it",
  );
  expect(await readFile(saved.file, "utf8")).toBe("{ oops");
  expect(saved.now).toEqual({ ui: { theme: "mono" } });
  await rm(saved.file);
  await saved.put(["ui", "theme"], "dark");
  expect(await read()).toEqual({ ui: { theme: "dark" } });
});

test.skipIf(process.getuid?.() === 0)("says that a folder cannot be written", async () => {
  const saved = open();
  await mkdir(dirname(saved.file), { recursive: true });
  await chmod(dirname(saved.file), 0o500);
  await expect(saved.put(["ui", "theme"], "mono")).rejects.toThrow("holds until the chat ends");
});
