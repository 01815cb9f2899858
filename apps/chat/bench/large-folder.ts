/**
 * How long a search takes in a folder of 100,000 files, and whether it finds what it should.
 *
 *     node --conditions=@orch/source bench/large-folder.ts [files]
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileTools } from "@orch/agents/files";
import { openFileIndex } from "../src/folder-index/file-index.ts";
import { findByGit } from "../src/folder-index/find-by-git.ts";
import { findByIndex } from "../src/folder-index/find-by-index.ts";
import { systemDoors } from "../src/process/doors.ts";
import { NO_KEYS } from "../src/process/early-keys.ts";
import { quietGit } from "../src/setup/quiet-git.ts";

const files = Number(process.argv[2] ?? 100_000);
const root = mkdtempSync(join(tmpdir(), "orch-large-"));
const kept = mkdtempSync(join(tmpdir(), "orch-index-"));
try {
  for (let at = 0; at < files; at++) {
    const folder = join(root, `d${String(Math.floor(at / 1000)).padStart(3, "0")}`);
    if (at % 1000 === 0) mkdirSync(folder);
    const text = `# topic${at % 50}\n\nThis is number ${at} of the files of topic${at % 50}, about ships and lamps.\n\nAnother paragraph.\n`;
    writeFileSync(join(folder, `f${at % 1000}.md`), text);
  }
  const doors = systemDoors(NO_KEYS);
  await doors.programs.read("git", ["init", "-q"], root);
  const place = { root, folder: join(kept, "index") };
  mkdirSync(place.folder);
  const byGit = findByGit((args) => quietGit(args, root, doors.programs));
  const pause = (ms: number): Promise<void> => new Promise((resolve) => doors.clock.after(ms, resolve));
  const opened = (): ((wanted: number, text?: string) => Promise<boolean>) => {
    const find = findByIndex({ place, start: doors.thread, clock: doors.clock, byGit });
    const search = fileTools({ root, find }).find(({ name }) => name === "search_files")!;
    return async (wanted, text = `number ${wanted} of`) => {
      const before = process.cpuUsage();
      const began = performance.now();
      const input = { query: `topic${wanted % 50} number ${wanted}`, limit: 8 } as never;
      const ctx = { signal: new AbortController().signal, callId: "1", emit: () => undefined };
      const found = String(await search.invoke(input, ctx)).includes(text);
      const ms = Math.round(performance.now() - began);
      const { user, system } = process.cpuUsage(before);
      const spent = `${ms} ms, ${Math.round((user + system) / 1000)} ms of processor time in this process`;
      console.log(`${found ? "found" : "MISSED"} number ${wanted} in ${spent}`);
      return found;
    };
  };
  const settled = async (): Promise<void> => {
    while (readdirSync(place.folder).length === 0) await pause(50);
    const index = openFileIndex(place, doors.clock.now());
    while (!index.complete) await pause(50);
    console.log(`index of ${index.files().length} files, ${Math.round(index.size / 1024)} KB`);
    index.close();
  };

  console.log(`${files} files`);
  console.log("the first answer, by git; then the index is built:");
  const ask = opened();
  await ask(Math.floor(files * 0.04) + 7);
  const began = performance.now();
  await settled();
  console.log(`built ${Math.round(performance.now() - began)} ms after the answer`);
  console.log("later answers:");
  for (const part of [0.5, 0.99, 0.3, 0.7, 0.2]) {
    await pause(1_100);
    await ask(Math.floor(files * part) + 7);
  }
  console.log("a file that changed in its place, and a new one:");
  await pause(1_100);
  writeFileSync(join(root, "d003/f5.md"), "The zebra of number 777777 is here.\n");
  writeFileSync(join(root, "d004/new.md"), "The giraffe of number 888888 is here.\n");
  await ask(777_777, "zebra");
  await ask(888_888, "giraffe");
  console.log("the first answer of another start:");
  await opened()(Math.floor(files * 0.6) + 7);
  console.log(
    `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB resident in the end, with two indexes open`,
  );
} finally {
  for (const folder of [root, kept]) rmSync(folder, { recursive: true, force: true });
}
