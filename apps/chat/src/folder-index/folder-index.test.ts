import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileTools } from "@orch/agents/files";
import { manualClock } from "@orch/testing";
import { expect, it, onTestFinished } from "vitest";
import { budget } from "../../../../scripts/lanes.ts";
import { systemDoors } from "../process/doors.ts";
import { NO_KEYS } from "../process/early-keys.ts";
import type { Thread, ThreadListener } from "../process/thread.ts";
import { openFileIndex } from "./file-index.ts";
import { findByIndex } from "./find-by-index.ts";
import { FolderIndex } from "./folder-index.ts";
import { indexWords } from "./index-words.ts";

const FILES = budget("indexedFiles");
const doors = systemDoors(NO_KEYS);

async function place(files: { readonly [path: string]: string }) {
  const base = await mkdtemp(join(tmpdir(), "orch-index-"));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const root = join(base, "root");
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  const state = join(base, "state");
  /** Each opening has a clock of its own, which is far on, so that nothing counts as looked at. */
  const open = (keep = true) => {
    const clock = manualClock();
    const opened = new FolderIndex(
      { root, folder: keep ? state : undefined },
      { ...clock, after: doors.clock.after, elapsed: () => 0 },
    );
    onTestFinished(() => opened.close());
    const later = async (...words: string[]): Promise<readonly string[]> => {
      await clock.advance(2_000);
      return (await opened.find(words)) ?? ["not built"];
    };
    return { opened, later, clock };
  };
  const indexed = () => readdirSync(state).filter((name) => name.endsWith(".db"));
  return { root, state, put, open, indexed };
}

it("T29: an index of thousands of files is kept, and finds by words, names and times without listing the folder again", async () => {
  const texts = Array.from({ length: FILES }, (_, at) => [
    `d${Math.floor(at / 100)}/f${at}.md`,
    `# topic${at % 50}\n\nThis is number ${at} of topic${at % 50}, about shipBuilding.\n`,
  ]);
  const { root, open, put, indexed, state } = await place(Object.fromEntries(texts));
  const old = new Date("2001-01-01");
  for (const [path] of texts) utimesSync(join(root, path!), old, old);
  put("d7/zanzibar.md", "A name that fits.\n");
  utimesSync(join(root, "d7/zanzibar.md"), old, old);
  put("d9/fresh.md", "Nothing of it.\n");
  const { opened, later } = open();
  expect(await later("17")).toEqual(["not built"]);
  await opened.refresh();
  const wanted = FILES - 3;
  expect((await later(`topic${wanted % 50}`, "number", `${wanted}`))[0]).toBe(texts[wanted]![0]);
  expect((await later("zanzi"))[0]).toBe("d7/zanzibar.md");
  const found = await later("building");
  expect(found).toContain("d9/fresh.md");
  expect(found.length).toBeLessThanOrEqual(100);
  expect(indexed()).toHaveLength(1);
  expect(statSync(join(state, indexed()[0]!)).mode & 0o777).toBe(0o600);
  opened.close();
  const again = open();
  expect((await again.later(`${FILES - 1}`))[0]).toBe(texts[FILES - 1]![0]);
});

it("T29: what changed, came or went is known before the next answer, and folders and rules after it", async () => {
  const { open, put, root } = await place({
    "a/one.md": "apple\n",
    "b/two.md": "banana\n",
    "b/three.md": "cherry\n",
  });
  const { opened, later } = open();
  await opened.refresh();
  put("a/one.md", "apricot instead\n");
  put("a/four.md", "dates\n");
  rmSync(join(root, "b/two.md"));
  expect((await later("apricot"))[0]).toBe("a/one.md");
  expect((await later("dates"))[0]).toBe("a/four.md");
  expect(await later("banana")).not.toContain("b/two.md");
  put("c/deep/five.md", "elderberry\n");
  put("a/.gitignore", "four.md\n");
  await later("elderberry");
  await opened.refresh();
  expect((await later("elderberry"))[0]).toBe("c/deep/five.md");
  expect(await later("dates")).not.toContain("a/four.md");
});

it("T29: no index holds a secret, an ignored file or a text, and none is kept where nothing may be", async () => {
  const key = `sk-${"a1B2".repeat(10)}`;
  const { open, state, indexed } = await place({
    ".gitignore": "private\n",
    "private/plan.md": "xylophone\n",
    ".env": "PASSWORD=quagmire\n",
    id_rsa: "quagmire\n",
    "notes.md": `The key is ${key}, and the wombat sleeps.\n`,
  });
  const memory = open(false);
  await memory.opened.refresh();
  expect((await memory.later("wombat"))[0]).toBe("notes.md");
  expect(existsSync(state)).toBe(false);
  const { opened, later } = open();
  await opened.refresh();
  expect((await later("wombat"))[0]).toBe("notes.md");
  opened.close();
  const bytes = readFileSync(join(state, indexed()[0]!)).toString("latin1").toLowerCase();
  expect(bytes).toContain("wombat");
  for (const held of ["xylophone", "quagmire", "a1b2a1b2", "private/plan", "wombat sleeps"])
    expect(bytes).not.toContain(held);
});

it("T29: a damaged index and one of another format are deleted and built again under another name", async () => {
  const { open, indexed, state } = await place({ "a.md": "apple\n" });
  const first = open();
  await first.opened.refresh();
  first.opened.close();
  expect(indexed()[0]).toMatch(/\.1\.db$/);
  writeFileSync(join(state, indexed()[0]!), "no database ".repeat(1_000));
  const second = open();
  await second.opened.refresh();
  expect((await second.later("apple"))[0]).toBe("a.md");
  second.opened.close();
  expect(indexed()).toEqual([expect.stringMatching(/\.2\.db$/)]);
  const file = new DatabaseSync(join(state, indexed()[0]!));
  file.exec("pragma user_version = 99");
  file.close();
  const third = open();
  await third.opened.refresh();
  expect((await third.later("apple"))[0]).toBe("a.md");
  expect(indexed()).toEqual([expect.stringMatching(/\.3\.db$/)]);
  // And one that is damaged while it is open.
  const hurt = new DatabaseSync(join(state, indexed()[0]!));
  hurt.exec("drop table held");
  hurt.close();
  expect(await third.later("apple")).toEqual(["not built"]);
  await third.opened.refresh();
  expect((await third.later("apple"))[0]).toBe("a.md");
});

it("T29: two processes may build the index of one folder at once", async () => {
  const texts = Array.from({ length: 700 }, (_, at) => [`d${at % 7}/f${at}.md`, `number ${at}\n`]);
  const { open, put, root, state } = await place(Object.fromEntries(texts));
  const [one, two] = [open(), open()];
  await Promise.all([one.opened.refresh(), two.opened.refresh()]);
  await Promise.all([one.opened.refresh(), two.opened.refresh()]);
  put("d3/new.md", "zebra\n");
  for (const { later } of [one, two]) {
    expect((await later("699"))[0]).toBe("d6/f699.md");
    expect((await later("zebra"))[0]).toBe("d3/new.md");
  }
  const index = openFileIndex({ root, folder: state }, 0);
  expect(index.files()).toHaveLength(701);
  index.close();
});

it("T29: git answers until the index does, and when its thread has ended or is silent", async () => {
  const clock = manualClock();
  let listener: ThreadListener | undefined;
  const sent: { readonly id: number; readonly words?: readonly string[] }[] = [];
  const start = (_name: string, _data: unknown, heard: ThreadListener): Thread => {
    listener = heard;
    return { send: (message) => sent.push(message as never) };
  };
  const find = findByIndex({
    place: { root: "/", folder: undefined },
    start,
    clock,
    byGit: async () => ["git.md"],
  });
  const first = find(["apple"]);
  listener!.told({ id: sent[0]!.id, found: undefined });
  expect(await first).toEqual(["git.md"]);
  expect(sent.map(({ words }) => words)).toEqual([["apple"], undefined]);
  const second = find(["apple"]);
  listener!.told({ id: sent[2]!.id, found: ["index.md"] });
  expect(await second).toEqual(["index.md"]);
  const silent = find(["apple"]);
  await clock.advance(1_000);
  expect(await silent).toEqual(["git.md"]);
  const cut = find(["apple"]);
  listener!.ended();
  expect(await cut).toEqual(["git.md"]);
  const before = sent.length;
  expect(await find(["apple"])).toEqual(["git.md"]);
  expect(sent).toHaveLength(before);
});

it("T29: a search is answered by a thread of its own, once it has read the folder", async () => {
  const { root, state } = await place({ "a/one.md": "The walrus sings.\n", "b/two.md": "Nothing.\n" });
  let asked = 0;
  const byGit = async (): Promise<undefined> => void asked++;
  const find = findByIndex({
    place: { root, folder: state },
    start: doors.thread,
    clock: doors.clock,
    byGit,
  });
  const search = fileTools({ root, find, maxFiles: 1 }).find(({ name }) => name === "search_files")!;
  await expect
    .poll(
      async () => {
        const before = asked;
        const context = { signal: new AbortController().signal, callId: "1", emit: () => undefined };
        const text = String(await search.invoke({ query: "walrus" } as never, context));
        return asked === before && text;
      },
      { timeout: 20_000 },
    )
    .toContain("a/one.md:1: The walrus sings.");
});

it("words are kept in lower case, names also in their parts, and scripts without spaces by pairs", () => {
  expect(indexWords("readFile of snake_case 4007, Größe").split(" ").sort()).toEqual(
    ["4007", "case", "file", "größe", "of", "read", "readfile", "snake"].sort(),
  );
  expect(indexWords("中文搜索").split(" ")).toEqual(["中文", "文搜", "搜索"]);
});
