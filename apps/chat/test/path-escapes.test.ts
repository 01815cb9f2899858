/** Ways out of a folder, by words and by links, through every door that takes a path: nothing outside is read or written. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "../../../scripts/lanes.ts";
import { readInput } from "../src/headless/read-input.ts";
import { McpServers } from "../src/mcp/mcp-servers.ts";
import { systemDoors } from "../src/process/doors.ts";
import { NO_KEYS } from "../src/process/early-keys.ts";
import { writeNewFile } from "../src/sessions/new-file.ts";
import { readImport } from "../src/sessions/session-acts.ts";
import { attacher } from "../src/setup/named-files.ts";
import { openLog } from "../src/setup/open-log.ts";

let base: string;
let root: string;
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "orch-escapes-")));
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
afterAll(async () => {
  await rm(base, { recursive: true, force: true });
  const sum = [...refused.values()].reduce((all, count) => all + count, 0);
  figure(
    `path and link escapes: ${sum} refused (${[...refused].map(([door, count]) => `${door} ${count}`).join(", ")}), 0 got out`,
  );
});

/** How many each door refused. */
const refused = new Map<string, number>();
function count(door: string): void {
  refused.set(door, (refused.get(door) ?? 0) + 1);
}

/** Links that stand in the folder and lead out of it. */
const LINKS = [
  "up",
  "twin",
  "slash/tmp",
  "twice",
  "up/root-twin",
  "twice/root-twin",
  "docs/../up",
  "slash/etc",
];
/** Names that say themselves that they are elsewhere. */
const WORDS = [
  ...["..", "../root-twin", "docs/../..", "docs/deep/../../..", "./..", "docs/./../..", "docs//..//.."],
  ...["up/root/..", "/etc", "//etc", "/proc/self/cwd/..", "/dev"],
];
const NAMES = ["secret.txt", "made.md", "x/../made.md", "./made.md"];
const through = (ways: readonly string[]): readonly string[] =>
  ways.flatMap((way) => NAMES.map((name) => `${way}/${name}`));

/** All ways out, each to a file of some name. */
function escapes(): readonly string[] {
  const places = [base, `slash${base}`, `${root}-twin`, `${root}/..`];
  const odd = ["", ".", "..", "/", "../", "up", "twin", "slash", "file.md", "dangling.md", "made.md\0"];
  return [...through([...WORDS, ...LINKS, ...places]), ...odd, "../made.md\0"];
}

/** The ways out that only links make. */
const behindLinks = (): readonly string[] => [
  ...through([...LINKS, `slash${base}`]),
  ...["file.md", "dangling.md"],
];

async function nothingHappened(): Promise<void> {
  expect(await readdir(base)).toEqual(["root", "root-twin", "secret.txt"]);
  expect(await readdir(join(base, "root-twin"))).toEqual([]);
  expect(await readFile(join(base, "secret.txt"), "utf8")).toBe("secret");
}

test("exports of conversations and runs write, and imports read, nothing outside of their folder", async () => {
  for (const name of escapes()) {
    const end = await writeNewFile(root, name, "written").catch(() => "refused");
    expect(end, `writes ${JSON.stringify(name)}`).not.toBe("written");
    count("export");
    await expect(readImport(root, name, true), `reads ${JSON.stringify(name)}`).rejects.toThrow();
    count("import");
  }
  await nothingHappened();
});

test("@file gives a model nothing from outside of the folder", async () => {
  const attach = attacher(root, { images: true, files: true });
  for (const name of escapes()) {
    const found = await attach(`what is in @"${name}" and @${name} ?`);
    expect(
      found.flatMap(({ parts = [] }) => parts),
      JSON.stringify(name),
    ).toEqual([]);
    count("@file");
  }
});

test("what somebody typed may be elsewhere, but a link in the folder does not decide so: --input, --debug, orch sessions import", async () => {
  const doors = { ...systemDoors(NO_KEYS), cwd: root, env: {} };
  const flags = { output: "text", continue: false, trust: false, session: false } as const;
  for (const name of behindLinks()) {
    await expect(readInput(name, doors), `--input ${name}`).rejects.toThrow("cannot be used");
    count("--input");
    await expect(openLog({ ...flags, debug: name }, {}, root, doors), `--debug=${name}`).rejects.toThrow(
      "link",
    );
    count("log");
    await expect(readImport(root, name, false), `import ${name}`).rejects.toThrow();
    count("orch sessions import");
  }
  await nothingHappened();
  expect(await readInput("../secret.txt", doors)).toBe("secret");
  expect(await readInput(join(base, "secret.txt"), doors)).toBe("secret");
  expect(await readImport(root, "../secret.txt", false)).toBe("secret");
});

test("an MCP server is not started in a folder behind a link", async () => {
  const script = `require("node:fs").writeFileSync(${JSON.stringify(join(base, "started"))}, "")`;
  const entries = Object.fromEntries(
    [...LINKS, ".//up", "./twin/"].map((cwd, at) => [
      `s${at}`,
      { command: process.execPath, args: ["-e", script], cwd },
    ]),
  );
  const { clock, fetch } = systemDoors(NO_KEYS);
  const servers = new McpServers(entries, { clock, fetch, folder: root, failed: () => undefined });
  await servers.connect();
  for (const { state, problem } of servers.states) {
    expect({ state, problem }).toEqual({
      state: "failed",
      problem: expect.stringMatching(/mcp\.s\d\.cwd.*out of/),
    });
    count("mcp cwd");
  }
  await servers.close();
  await nothingHappened();
});
