/**
 * Rehearses a release from end to end and changes nothing: versions, builds and publishes a copy of this
 * repository to a registry of its own on the loopback, then installs the packages as a stranger would,
 * type-checks a small program against each and runs it, and makes a project from each template of `create-orch`.
 *
 *     node scripts/rehearse-release.mjs [--keep] [--next] [--serve] [--only <name>]
 *
 * `--keep` leaves the folder for a look. `--next` installs and builds Next.js too, which CI does not. `--serve` tries nothing: it
 * publishes, then serves the registry until Ctrl-C, for whoever wants to be the stranger. `--only` tries one program or template.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { deadLinks } from "./rehearse-release/dead-links.mjs";
import { endAll, env, run, step, stopping } from "./rehearse-release/processes.mjs";
import { programs } from "./rehearse-release/programs.mjs";
import { installVerdaccio, startRegistry, useRegistry, VERDACCIO } from "./rehearse-release/registry.mjs";
import { templates, tryTemplate } from "./rehearse-release/templates.mjs";

const { values: flags } = parseArgs({
  options: {
    keep: { type: "boolean" },
    next: { type: "boolean" },
    serve: { type: "boolean" },
    only: { type: "string" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "orch-release-"));
const copy = join(scratch, "repository");
const tsc = join(root, "node_modules/.bin/tsc");

const compilerOptions = {
  target: "es2023",
  lib: ["es2023", "esnext.disposable", "dom", "dom.iterable"],
  module: "nodenext",
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  // Our declarations are checked too, not only the program's use of them.
  skipLibCheck: false,
};

env.PATH = [join(root, "node_modules/.bin"), pnpmFolder(), env.PATH].filter(Boolean).join(delimiter);

let failed = false;
try {
  await rehearse();
} catch (error) {
  failed = true;
  process.stderr.write(`\n${error.message}\n`);
} finally {
  await endAll();
  if (flags.keep) process.stdout.write(`kept: ${scratch}\n`);
  else rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
process.stdout.write(failed ? "release rehearsal: failed\n" : "release rehearsal: passed\n");
process.exitCode = failed ? 1 : 0;

async function rehearse() {
  await step("copy the tracked files", copyRepository);
  await step("install the copy", () =>
    run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], copy),
  );
  // Right after a release nothing waits, and the versions of the day are those to publish.
  const waiting = readdirSync(join(copy, ".changeset")).filter((name) => name.endsWith(".md"));
  if (waiting.length > 0) await step("version", () => run("pnpm", ["exec", "changeset", "version"], copy));
  await step("commit the versions", () => commit("Version packages"));
  // What was built of the same files already is taken from there: with other files, or a file that git does not have, it is built.
  await step("build", () =>
    run("pnpm", ["exec", "turbo", "run", "build", "--output-logs=errors-only"], copy, {
      TURBO_CACHE_DIR: join(root, ".turbo/cache"),
    }),
  );
  const upstream = (await run("npm", ["config", "get", "registry"], scratch)).trim();
  const verdaccio = await step(`get verdaccio ${VERDACCIO}`, installVerdaccio);
  const registry = await step("start the registry", () => startRegistry(verdaccio, scratch, upstream));
  useRegistry(registry, scratch);
  await step("publish", () => publish(registry));
  if (flags.serve) return serve(registry);
  const wanted = (name) => flags.only === undefined || flags.only === name;
  for (const program of programs.filter(({ packages }) => packages.some(wanted))) {
    await step(`install and run ${program.packages.join(" ")}`, () => tryAsStranger(program));
  }
  for (const template of templates.filter(({ name }) => wanted(name))) {
    await step(`npm create orch: ${template.name}`, () =>
      tryTemplate(template, scratch, flags.next === true),
    );
  }
}

/** Says how to use the registry, and waits for Ctrl-C. */
async function serve(registry) {
  const names = ["npm_config_registry", "npm_config_cache", "NPM_CONFIG_USERCONFIG"];
  const lines = names.map((name) => `export ${name}=${env[name]}`).join("\n");
  process.stdout.write(`\nThe packages are at ${registry} until Ctrl-C. In another terminal:\n\n${lines}\n`);
  const open = setInterval(() => {}, 60_000);
  await new Promise((resolve) => stopping.addEventListener("abort", resolve));
  clearInterval(open);
}

/** What git would put into a commit, so that work not yet committed is rehearsed as well. */
async function copyRepository() {
  const listed = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], root);
  for (const file of listed.split("\0")) {
    const from = join(root, file);
    if (file === "" || !existsSync(from)) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(from, join(copy, file));
  }
  await run("git", ["init", "--quiet", "--initial-branch=main"], copy);
  await commit("Start");
}

async function commit(message) {
  const author = [
    "-c",
    "user.name=Rehearsal",
    "-c",
    "user.email=rehearsal@localhost",
    "-c",
    "commit.gpgsign=false",
  ];
  await run("git", ["add", "--all"], copy);
  await run("git", [...author, "commit", "--quiet", "--allow-empty", "--message", message], copy);
}

async function publish(registry) {
  const [{ version: released }] = publicPackages();
  await run("node", ["scripts/release.mjs", `v${released}`], copy);
  // A release that was interrupted is started again.
  const again = await run("node", ["scripts/release.mjs", `v${released}`], copy);
  if (!/^(?:\S+ is published already\n)+$/.test(again)) throw new Error(`The second start said:\n${again}`);
  for (const { name, version } of publicPackages()) {
    const reply = await fetch(`${registry}${name.replace("/", "%2f")}`);
    const found = reply.ok ? Object.keys((await reply.json()).versions) : [];
    if (!found.includes(version)) throw new Error(`${name}@${version} did not reach the registry.`);
  }
}

function publicPackages() {
  const manifests = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(copy, group)).map((name) => join(copy, group, name, "package.json")),
  );
  return manifests.map((file) => JSON.parse(readFileSync(file, "utf8"))).filter((found) => !found.private);
}

/** An empty folder, one install, one strict type check against what was published, one run. */
async function tryAsStranger(program) {
  const folder = mkdtempSync(join(scratch, "stranger-"));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "stranger", private: true, type: "module" }),
  );
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...program.packages], folder);
  const dead = deadLinks(join(folder, "node_modules"));
  if (dead.length > 0) throw new Error(`These links lead nowhere: ${dead.join(", ")}.`);
  if (program.installs) {
    const found = installedIn(join(folder, "node_modules"));
    if (found.join() !== program.installs.join()) throw new Error(`Installed were ${found.join(", ")}.`);
  }
  if (program.source) {
    writeFileSync(join(folder, "main.ts"), program.source);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["main.ts"] }));
    await run(tsc, ["-p", "tsconfig.json"], folder);
  }
  for (const [name, text] of Object.entries(program.files ?? {})) writeFileSync(join(folder, name), text);
  const home = join(folder, "home");
  mkdirSync(home);
  const dirs = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_STATE_HOME: home,
    XDG_CACHE_HOME: home,
  };
  for (const { command = ["node", "main.ts"], check } of [program, program.after].filter(Boolean)) {
    const [name, ...args] = command;
    const output = await run(name, args, folder, dirs);
    const complaint = check(output);
    if (complaint) throw new Error(`${complaint} It printed:\n${output}`);
  }
}

function installedIn(modules) {
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

/** The folder of pnpm's program where it is not on the path already: `changeset` and `turbo` call it by name. */
function pnpmFolder() {
  if (spawnSync("pnpm", ["--version"], { stdio: "ignore" }).status === 0) return undefined;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const found = spawnSync("npx", ["--yes", `--package=${packageManager}`, "-c", "command -v pnpm"], {
    encoding: "utf8",
  });
  return dirname(found.stdout.trim());
}
