/**
 * What npm wants of a person before a workflow may publish: that each package is there, and that it names the workflow. It publishes a version
 * 0.0.0 without code of each package that the registry does not know, and makes `release.yml` the trusted publisher of all.
 *
 *     npm login && node scripts/first-release.mjs [--dry-run]
 *
 * npm asks for the second factor. What is done already is left as it is, so it can be started again.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const isDry = process.argv.includes("--dry-run");
const REPOSITORY = "orch-ts/orch";

for (const manifest of publicManifests()) {
  if (!isKnown(manifest.name)) publishEmpty(manifest);
  trust(manifest.name);
}

function isKnown(name) {
  const { status, stdout, stderr } = spawnSync("npm", ["view", name, "name", "--json"], { encoding: "utf8" });
  if (status !== 0 && !`${stdout}${stderr}`.includes("E404"))
    fail(`The registry does not say whether ${name} is there:\n${stdout}${stderr}`);
  return status === 0;
}

/** Under a tag of its own, so that `npm install` never takes it once there is a release. */
function publishEmpty({ name, description, license, repository }) {
  const folder = mkdtempSync(join(tmpdir(), "orch-empty-"));
  const manifest = { name, version: "0.0.0", description, license, repository };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, undefined, 2));
  writeFileSync(
    join(folder, "README.md"),
    `# ${name}\n\nThe first release follows: https://github.com/${REPOSITORY}\n`,
  );
  npm(["publish", folder, "--access", "public", "--tag", "empty"]);
  rmSync(folder, { recursive: true, force: true });
}

function trust(name) {
  const place = ["--repo", REPOSITORY, "--file", "release.yml", "--env", "npm"];
  npm(["trust", "github", name, ...place, "--allow-publish", "--yes"]);
}

/** Runs npm on this terminal, where it may ask. */
function npm(args) {
  process.stdout.write(`npm ${args.join(" ")}\n`);
  if (isDry) return;
  const { status } = spawnSync("npm", args, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) fail("npm says above what is wrong. Mend it, and start again: what is done stays.");
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function publicManifests() {
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, "package.json")),
  );
  return folders.map((file) => JSON.parse(readFileSync(file, "utf8"))).filter(({ private: own }) => !own);
}
