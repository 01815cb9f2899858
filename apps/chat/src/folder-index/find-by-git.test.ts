import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileTools } from "@orch/agents/files";
import { expect, it, onTestFinished } from "vitest";
import { systemDoors } from "../process/doors.ts";
import { NO_KEYS } from "../process/early-keys.ts";
import { quietGit } from "../setup/quiet-git.ts";
import { findByGit, type GitReader, ranked } from "./find-by-git.ts";

async function folder(): Promise<{ readonly root: string; readonly git: GitReader }> {
  const root = await mkdtemp(join(tmpdir(), "orch-find-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (let at = 0; at < 40; at++) {
    await mkdir(join(root, `d${at}`));
    await writeFile(join(root, `d${at}/f.md`), `This is Number ${1000 + at} of topic${at % 4}.\n`);
  }
  const { programs } = systemDoors(NO_KEYS);
  return { root, git: (args) => quietGit(args, root, programs) };
}

it("T29: files that hold the rarest word come first", () => {
  expect(ranked("a\0topic\nb\0topic\nb\0topic\nc\0topic\nc\0rare\n")).toEqual(["c", "a", "b"]);
});

it("T29: a search finds by git what lies beyond the list, in a repository and out of one", async () => {
  const { root, git } = await folder();
  const find = findByGit(git)!;
  const search = fileTools({ root, maxFiles: 3, find }).find(({ name }) => name === "search_files")!;
  const ask = async (query: string): Promise<string> =>
    String(
      await search.invoke({ query } as never, {
        signal: new AbortController().signal,
        callId: "1",
        emit: () => undefined,
      }),
    );
  expect(await ask("topic3 number 1039")).toContain("d39/f.md:1: This is Number 1039");
  await git(["init", "-q"]);
  await writeFile(join(root, ".gitignore"), "d39\n");
  expect((await find(["1039"])) ?? []).not.toContain("d39/f.md");
  expect(await ask("topic2 number 1038")).toContain("d38/f.md:1:");
  expect(findByGit(undefined)).toBeUndefined();
});
