import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOrchError } from "@orch/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insidePath, readInside } from "./inside-path.ts";

let base: string;
let root: string;
const SECRET = "the secret outside";

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "orch-inside-"));
  root = join(base, "root");
  await mkdir(join(root, "docs", "deep"), { recursive: true });
  await mkdir(join(base, "root-twin"));
  await writeFile(join(base, "secret.txt"), SECRET);
  await writeFile(join(base, "root-twin", "secret.txt"), SECRET);
  await writeFile(join(root, "docs", "a.md"), "inside\n");
  await writeFile(join(root, "docs", "...md"), "odd but inside\n");
  await symlink(join(base, "secret.txt"), join(root, "link-file"));
  await symlink("../secret.txt", join(root, "link-relative"));
  await symlink(base, join(root, "link-folder"));
  await symlink("link-file", join(root, "link-link"));
  await symlink("../../root-twin", join(root, "docs", "link-twin"));
  await symlink("/", join(root, "link-slash"));
  await symlink("/proc/self/environ", join(root, "link-environ"));
  await symlink("/dev/zero", join(root, "link-zero"));
  await symlink(join(base, "nowhere"), join(root, "link-dangling"));
  await symlink("link-circle-b", join(root, "link-circle-a"));
  await symlink("link-circle-a", join(root, "link-circle-b"));
  await symlink("docs/a.md", join(root, "link-inside"));
  execFileSync("mkfifo", [join(root, "fifo")]);
  await writeFile(join(root, "huge.bin"), "");
  await truncate(join(root, "huge.bin"), 10 * 1024 ** 3);
});
afterAll(() => rm(base, { recursive: true, force: true }));

const escapes = (): readonly string[] => [
  "../secret.txt",
  "..",
  "../",
  "./../secret.txt",
  "docs/../../secret.txt",
  "docs/../../root-twin/secret.txt",
  "docs/./../../secret.txt",
  "docs//..//..//secret.txt",
  "docs/deep/../../../secret.txt",
  "nowhere/../../secret.txt",
  "..\\secret.txt",
  "docs\\..\\..\\secret.txt",
  "docs/..\\../secret.txt",
  "../root-twin/secret.txt",
  ".. /secret.txt",
  "... /secret.txt",
  ".../secret.txt",
  ". ./secret.txt",
  "../root/docs/a.md",
  join(base, "secret.txt"),
  join(base, "root-twin", "secret.txt"),
  `${root}-twin/secret.txt`,
  `${root}/../secret.txt`,
  `/${join(base, "secret.txt")}`,
  "/etc/passwd",
  "//etc/passwd",
  "/proc/self/environ",
  "/proc/self/fd/0",
  `/proc/self/root${"/etc/passwd"}`,
  `/proc/self/cwd/../../../../../etc/passwd`,
  "/dev/zero",
  "/dev/stdin",
  "/",
  "~",
  "~/secret.txt",
  "~root/.profile",
  "~+/../secret.txt",
  "file:///etc/passwd",
  "file:secret.txt",
  "FILE:///etc/passwd",
  "http://localhost/secret.txt",
  "C:\\secret.txt",
  "\\\\server\\share\\secret.txt",
  "docs/a.md\0.png",
  "\0",
  "../secret.txt\0",
  "",
  "%2e%2e/secret.txt",
  "..%2fsecret.txt",
  "%252e%252e%252fsecret.txt",
  "\u2025/secret.txt",
  "\uff0e\uff0e/secret.txt",
  "..\u2215secret.txt",
  "..\u2044secret.txt",
  "\u202e../secret.txt",
  " ../secret.txt",
  "../secret.txt.",
  "link-file",
  "LINK-FILE",
  "link-relative",
  "link-link",
  "link-folder/secret.txt",
  "link-folder/root-twin/secret.txt",
  "docs/link-twin/secret.txt",
  "link-slash/etc/passwd",
  "link-slash/proc/self/environ",
  "link-environ",
  "link-zero",
  "link-dangling",
  "link-circle-a",
  "fifo",
  "docs",
  ".",
  "huge.bin",
  `${"a/".repeat(3000)}b`,
  "a".repeat(300),
];

describe("the guard for the disk", () => {
  test("refuses every escape, quickly, with an error that holds nothing of the outside", async () => {
    expect(escapes().length).toBeGreaterThanOrEqual(70);
    for (const path of escapes()) {
      const error: unknown = await readInside(root, path, 1024 * 1024).then(
        (file) => `read ${file.path}`,
        (refused: unknown) => refused,
      );
      expect(isOrchError(error, "ORCH_PATH_REFUSED"), `${JSON.stringify(path)} gave ${String(error)}`).toBe(
        true,
      );
      expect(String(error)).not.toContain(SECRET);
    }
  });

  test.each([
    ["../secret.txt", "parent"],
    ["/etc/passwd", "outside"],
    ["~/x", "home"],
    ["a\0b", "nul"],
    ["file:x", "url"],
    ["link-file", "outside"],
    ["link-circle-a", "unreadable"],
    ["link-dangling", "missing"],
    ["fifo", "not-a-file"],
    ["docs", "not-a-file"],
    ["huge.bin", "too-large"],
  ])("says of %j that the reason is %s", async (path, reason) => {
    await expect(readInside(root, path, 1000)).rejects.toMatchObject({ facts: { path, reason } });
  });

  test("reads files inside, by relative path, by absolute path and through links that stay inside", async () => {
    for (const path of [
      "docs/a.md",
      "./docs/a.md",
      "docs//a.md",
      join(root, "docs", "a.md"),
      "link-inside",
    ]) {
      const file = await readInside(root, path, 1000);
      expect(file.bytes.toString()).toBe("inside\n");
      expect(file.name).toBe("docs/a.md");
    }
    expect((await readInside(root, "docs/...md", 1000)).name).toBe("docs/...md");
  });

  test("reads a file of exactly the limit and refuses one byte more", async () => {
    expect((await readInside(root, "docs/a.md", 7)).size).toBe(7);
    await expect(readInside(root, "docs/a.md", 6)).rejects.toMatchObject({ facts: { reason: "too-large" } });
  });

  test("holds files that claim to be empty to the limit", async () => {
    await expect(readInside("/proc", "self/status", 10)).rejects.toMatchObject({
      facts: { reason: "too-large" },
    });
  });

  test("refuses a socket", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(root, "socket"), done));
    await expect(readInside(root, "socket", 10)).rejects.toMatchObject({ facts: { reason: "not-a-file" } });
    await new Promise((done) => server.close(done));
  });

  test("never reads outside while a folder is swapped for a link and back", async () => {
    const here = join(root, "swap");
    await mkdir(join(base, "good"));
    await writeFile(join(base, "good", "secret.txt"), "good");
    await symlink(join(base, "root-twin"), join(base, "bad"));
    await rename(join(base, "good"), here);
    let going = true;
    const swapping = (async () => {
      while (going) {
        await rename(here, join(base, "parked"));
        await rename(join(base, "bad"), here);
        await rename(here, join(base, "bad"));
        await rename(join(base, "parked"), here);
      }
    })();
    const seen = new Set<string>();
    for (let i = 0; i < 2000; i++) {
      await readInside(root, "swap/secret.txt", 100).then(
        (file) => seen.add(file.bytes.toString()),
        (error: unknown) => expect(isOrchError(error, "ORCH_PATH_REFUSED")).toBe(true),
      );
    }
    going = false;
    await swapping;
    expect(seen).not.toContain(SECRET);
    expect((await readInside(root, "swap/secret.txt", 100)).bytes.toString()).toBe("good");
  });

  test("gives only paths in the root, whatever is asked for", async () => {
    const part = fc.constantFrom(
      "..",
      ".",
      "docs",
      "link-folder",
      "link-slash",
      "~",
      "a.md",
      "",
      "root",
      "...",
    );
    const separator = fc.constantFrom("/", "\\", "//");
    const path = fc
      .array(fc.tuple(part, separator), { maxLength: 6 })
      .map((parts) => parts.map(([name, cut]) => name + cut).join(""));
    await fc.assert(
      fc.asyncProperty(fc.oneof(path, fc.string()), async (asked) => {
        const found = await insidePath(root, asked).catch(() => root);
        expect(found === root || found.startsWith(`${root}/`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
