import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@orch/core/doors";
import { afterAll, beforeAll, expect, it } from "vitest";
import { watchFiles } from "./watch-files.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watch-"));
  await mkdir(join(folder, "inner"));
  for (const name of ["a.ts", "other.ts", "inner/b.ts"]) await writeFile(join(folder, name), "1");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("tells once of a file that is written in steps, moved or made, in whichever folder, and of no other", async () => {
  let told = 0;
  let tell = (): void => undefined;
  const files = ["a.ts", "inner/b.ts", "new.ts"].map((name) => join(folder, name));
  const stop = watchFiles([...files, join(folder, "none/c.ts")], systemClock, () => {
    told += 1;
    tell();
  });
  const after = async (act: () => Promise<unknown>): Promise<number> => {
    const heard = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await act();
    await heard;
    return told;
  };
  const inSteps = async (): Promise<void> => {
    for (const text of ["", "2", "23"]) await writeFile(files[0]!, text);
  };
  expect(await after(inSteps)).toBe(1);
  expect(await after(() => writeFile(files[1]!, "2"))).toBe(2);
  await writeFile(join(folder, "other.ts"), "2");
  expect(await after(() => rename(join(folder, "other.ts"), files[2]!))).toBe(3);
  stop();
  await writeFile(files[0]!, "4");
  expect(told).toBe(3);
});
