/**
 * Publishes all packages with the version that a tag names. The release workflow runs it, and so does the rehearsal.
 *
 *     node scripts/release.mjs v0.1.0
 *
 * pnpm packs each package, which puts versions in the place of `workspace:` and `catalog:`, and npm publishes what was packed: in a workflow npm
 * proves who it is by itself, without a token (docs/decisions/0069-what-a-release-meets.md).
 *
 * It refuses to begin when the tag and the versions differ, when a file differs from the commit, or when a package is not built. What is
 * published already is left as it is, so a release that was interrupted can be started again.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [tag = ""] = process.argv.slice(2);
const packages = publicPackages();
const problem = problemBefore() ?? (await publishAll());
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

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
  if (changed !== "") return `These files differ from the commit; commit or remove them first:\n${changed}`;
  if (process.env["ACTIONS_ID_TOKEN_REQUEST_URL"] === undefined) return undefined;
  // An older one sends no identity, and is told that there is no such package.
  const npm = call("npm", ["--version"]).stdout.trim();
  const [major = 0, minor = 0] = npm.split(".").map(Number);
  return major > 11 || (major === 11 && minor > 5)
    ? undefined
    : `npm ${npm} does not know trusted publishing: run npm install --global npm@11.`;
}

/** Publishes what is not there yet; gives a sentence about the first package that cannot be. */
async function publishAll() {
  const registry = call("npm", ["config", "get", "registry"]).stdout.trim().replace(/\/?$/, "/");
  const known = new Map();
  // All of them before the first program runs: a connection does not outlive the time in which nothing here listens.
  for (const { manifest } of packages) {
    const { name, version } = manifest;
    const reply = await fetch(registry + name.replace("/", "%2f")).catch((error) => error);
    if (reply.status !== 200 && reply.status !== 404)
      return `The registry does not say whether ${name} is published: ${reply.status ?? reply.message}`;
    known.set(name, reply.ok && version in (await reply.json()).versions);
  }
  for (const { folder, manifest } of packages) {
    const name = `${manifest.name}@${manifest.version}`;
    const isThere = known.get(manifest.name);
    const problem = isThere ? undefined : publish(name, folder);
    if (problem !== undefined) return problem;
    process.stdout.write(`${name} ${isThere ? "is published already" : "published"}\n`);
  }
  return undefined;
}

function publish(name, folder) {
  const scratch = mkdtempSync(join(tmpdir(), "orch-packed-"));
  try {
    const packed = call("pnpm", ["pack", "--pack-destination", scratch], folder);
    const [file] = readdirSync(scratch);
    if (packed.status !== 0 || file === undefined)
      return `${name} cannot be packed:\n${packed.stdout}${packed.stderr}`;
    // What is no last version must not be what `npm install` takes.
    const dist = tag.includes("-") ? ["--tag", "next"] : [];
    const { status, stderr } = call("npm", ["publish", join(scratch, file), "--access", "public", ...dist]);
    return status === 0
      ? undefined
      : `${name} was not published:\n${stderr}\nWhat was published before it stays: mend what npm says, and start the release again.`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function call(command, args, cwd = root) {
  return spawnSync(command, args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
}

/** In an order in which what a package needs stands before it: one that is published can be installed. */
function publicPackages() {
  const found = ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
    .filter(({ manifest }) => !manifest.private);
  const ordered = new Set();
  const add = (one) => {
    const { dependencies = {}, peerDependencies = {} } = one.manifest;
    for (const needed of found)
      if (needed.manifest.name in { ...dependencies, ...peerDependencies }) add(needed);
    ordered.add(one);
  };
  for (const one of found) add(one);
  return [...ordered];
}
