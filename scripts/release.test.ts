/** What is refused before anything is published; the release itself is rehearsed by `rehearse-release.mjs`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const release = (...args: readonly string[]): { readonly code: number | null; readonly says: string } => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "release.mjs"), ...args],
    { encoding: "utf8" },
  );
  return { code: status, says: stderr };
};

it("a release without a tag is refused, and one of another form", () => {
  for (const args of [[], ["0.1.0"], ["v1"], ["vx.y.z"]])
    expect(release(...args)).toEqual({
      code: 1,
      says: expect.stringMatching(/^Name the tag, like v0\.1\.0; /),
    });
});

it("a tag that does not fit the versions is refused, with the way out", () => {
  const { code, says } = release("v99.0.0");
  expect(code).toBe(1);
  expect(says).toMatch(
    /^\S+ has the version \d+\.\d+\.\d+, and the tag is v99\.0\.0: run pnpm changeset version/,
  );
});
