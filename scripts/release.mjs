/**
 * Publishes all packages with the version that a tag names. The release workflow runs it, and so does the rehearsal.
 *
 *     node scripts/release.mjs v0.1.0
 *
 * It refuses to begin when the tag and the versions differ, when a file differs from the commit, or when a package is not built. What is
 * published already is left as it is, so a release that was interrupted can be started again.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [tag = ""] = process.argv.slice(2);
const packages = publicPackages();
const problem = problemBefore();
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
// One tag for all packages, made by hand before: not one for each.
const { status } = spawnSync("pnpm", ["exec", "changeset", "publish", "--no-git-tag"], {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;

function problemBefore() {
  const version = tag.replace(/^v/, "");
  if (!/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(tag))
    return `Name the tag, like v0.1.0; this is ${JSON.stringify(tag)}.`;
  for (const { manifest, folder } of packages) {
    if (manifest.version !== version)
      return `${manifest.name} has the version ${manifest.version}, and the tag is ${tag}: run pnpm changeset version, commit, and tag that commit.`;
    if (!existsSync(join(folder, "dist"))) return `${manifest.name} is not built: run pnpm build.`;
    const changes = join(folder, "CHANGELOG.md");
    if (!existsSync(changes) || !readFileSync(changes, "utf8").includes(`## ${version}`))
      return `${manifest.name} has no changes of ${version} in its CHANGELOG.md: run pnpm changeset version.`;
  }
  const changed = spawnSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" }).stdout.trim();
  return changed === ""
    ? undefined
    : `These files differ from the commit; commit or remove them first:\n${changed}`;
}

function publicPackages() {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
    .filter(({ manifest }) => !manifest.private);
}
