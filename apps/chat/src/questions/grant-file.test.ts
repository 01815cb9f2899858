import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GrantFile } from "./grant-file.ts";
import { covers, grantOf } from "./grants.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "orch-grants-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const of = (folder: string, keeps = true): GrantFile =>
  new GrantFile({ stateFolder: join(root, "state"), folder, keeps });
const edit = { orchestration: "flow", tool: "edit" };

test("what is granted at the same moment is all kept, for its own project, and for its owner only", async () => {
  const file = of("/a");
  await Promise.all(["edit", "run", "fetch", "move"].map((tool) => file.add({ ...edit, tool })));
  expect((await of("/a").list()).map(({ tool }) => tool)).toEqual(["edit", "run", "fetch", "move"]);
  expect(await of("/b").list()).toEqual([]);
  await file.remove({ ...edit, tool: "run" });
  expect(await of("/a").list()).toHaveLength(3);
  const state = join(root, "state");
  expect(await readdir(state)).toEqual(["approvals.json"]);
  expect((await stat(join(state, "approvals.json"))).mode & 0o777).toBe(0o600);
});

test("what is granted counts at once, also while it is being written", async () => {
  const file = of("/a");
  const kept = file.add(edit);
  expect(await file.list()).toEqual([edit]);
  await kept;
});

test.each([
  "",
  "not JSON",
  "[]",
  '{"projects":[]}',
  '{"projects":{"/a":"edit"}}',
  '{"projects":{"/a":[{"tool":"edit"},{"orchestration":"flow","tool":"edit","arguments":1},null]}}',
  '{"projects":{"__proto__":[{"orchestration":"flow","tool":"edit"}]}}',
])("a damaged file grants nothing: %j", async (text) => {
  await mkdir(join(root, "state"));
  await writeFile(join(root, "state/approvals.json"), text);
  expect(await of("/a").list()).toEqual([]);
});

test.skipIf(process.getuid?.() === 0)(
  "what cannot be written is told, and leaves nothing behind",
  async () => {
    await mkdir(join(root, "state"));
    await chmod(join(root, "state"), 0o500);
    await expect(of("/a").add(edit)).rejects.toThrow();
    expect(await readdir(join(root, "state"))).toEqual([]);
  },
);

test("two chats that grant at the same time keep what both of them granted", async () => {
  const [one, other] = [of("/a"), of("/a")];
  const grants = Array.from({ length: 12 }, (_, at) => ({ ...edit, tool: `tool-${at}` }));
  await Promise.all(grants.map((grant, at) => (at % 2 === 0 ? one : other).add(grant)));
  expect((await of("/a").list()).map(({ tool }) => tool).toSorted()).toEqual(
    grants.map(({ tool }) => tool).toSorted(),
  );
  expect(await readdir(join(root, "state"))).toEqual(["approvals.json"]);
});

test("a lock that a killed chat left does not hold up a grant", async () => {
  await mkdir(join(root, "state"));
  const lock = join(root, "state/approvals.json.lock");
  await writeFile(lock, "");
  await utimes(lock, 1, 1);
  await of("/a").add(edit);
  expect(await of("/a").list()).toEqual([edit]);
});

test("without sessions nothing is written, and it holds for this start", async () => {
  const file = of("/a", false);
  await file.add(edit);
  expect(await file.list()).toEqual([edit]);
  await expect(readFile(join(root, "state/approvals.json"))).rejects.toThrow();
});

test("a grant covers its tool of its orchestration, with its arguments in any order", () => {
  const call = { tool: "edit", input: { path: "a", lines: [1, 2], more: { x: 1, y: 2 } } };
  const same = { tool: "edit", input: { more: { y: 2, x: 1 }, lines: [1, 2], path: "a" } };
  const exact = grantOf("flow", call as never, "arguments");
  expect(covers([exact], "flow", same as never)).toBe(true);
  expect(covers([exact], "other", same as never)).toBe(false);
  for (const input of [{ path: "b" }, { ...call.input, lines: [2, 1] }, { ...call.input, force: true }])
    expect(covers([exact], "flow", { tool: "edit", input } as never)).toBe(false);
  const long = grantOf("flow", { tool: "edit", input: { text: "x".repeat(5_000) } } as never, "arguments");
  expect(covers([long], "flow", { tool: "edit", input: { text: "x".repeat(5_001) } } as never)).toBe(false);
  expect(
    covers([grantOf("flow", call as never, "tool")], "flow", { tool: "edited", input: {} } as never),
  ).toBe(false);
});
