/**
 * How long a search takes in a folder of 100,000 files, and whether it finds what it should.
 *
 *     node --conditions=@orch/source bench/large-folder.ts [files]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileTools } from "@orch/agents/files";
import { findByGit } from "../src/orchestrations/find-by-git.ts";
import { systemDoors } from "../src/process/doors.ts";
import { NO_KEYS } from "../src/process/early-keys.ts";
import { quietGit } from "../src/setup/quiet-git.ts";

const files = Number(process.argv[2] ?? 100_000);
const root = mkdtempSync(join(tmpdir(), "orch-large-"));
try {
  for (let at = 0; at < files; at++) {
    const folder = join(root, `d${String(Math.floor(at / 1000)).padStart(3, "0")}`);
    if (at % 1000 === 0) mkdirSync(folder);
    const text = `# topic${at % 50}\n\nThis is number ${at} of the files of topic${at % 50}, about ships and lamps.\n\nAnother paragraph.\n`;
    writeFileSync(join(folder, `f${at % 1000}.md`), text);
  }
  const { programs } = systemDoors(NO_KEYS);
  await programs.read("git", ["init", "-q"], root);
  const find = findByGit((args) => quietGit(args, root, programs));
  const search = fileTools({ root, ...(find && { find }) }).find(({ name }) => name === "search_files")!;
  const ask = async (wanted: number): Promise<void> => {
    const began = performance.now();
    const input = { query: `topic${wanted % 50} number ${wanted}`, limit: 8 } as never;
    const ctx = { signal: new AbortController().signal, callId: "1", emit: () => undefined };
    const found = String(await search.invoke(input, ctx));
    const ms = Math.round(performance.now() - began);
    console.log(`${found.includes(`number ${wanted} of`) ? "found" : "MISSED"} number ${wanted} in ${ms} ms`);
  };
  console.log(`${files} files`);
  for (const part of [0.04, 0.5, 0.99, 0.99]) await ask(Math.floor(files * part) + 7);
} finally {
  rmSync(root, { recursive: true, force: true });
}
