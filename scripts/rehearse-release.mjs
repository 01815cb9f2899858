/**
 * Rehearses a release from end to end and changes nothing: versions, builds and publishes a copy of this
 * repository to a registry of its own on the loopback, then installs the packages as a stranger would,
 * type-checks a small program against each and runs it.
 *
 *     node scripts/rehearse-release.mjs [--keep]     --keep leaves the folder for a look
 */
import { spawn, spawnSync } from "node:child_process";
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
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { programs } from "./rehearse-release/programs.mjs";

const VERDACCIO = "6.10.4";
const root = fileURLToPath(new URL("..", import.meta.url));
const keep = process.argv.includes("--keep");
const scratch = mkdtempSync(join(tmpdir(), "orch-release-"));
const copy = join(scratch, "repository");
const running = new Set();
const stopped = new AbortController();
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

const env = { ...process.env, CI: "1", NO_COLOR: "1", TURBO_TELEMETRY_DISABLED: "1" };
// What a package manager above us set must not reach the ones below.
for (const name of Object.keys(env)) {
  if (/^(npm_|pnpm_)/i.test(name) && !/^npm_config_(registry|cache|userconfig)$/i.test(name))
    delete env[name];
}
for (const name of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "NODE_ENV", "NODE_OPTIONS"]) delete env[name];
env.PATH = [join(root, "node_modules/.bin"), pnpmFolder(), env.PATH].filter(Boolean).join(delimiter);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    stopped.abort(new Error(`stopped by ${signal}`));
    for (const child of running) child.kill();
  });
}

let failed = false;
try {
  await rehearse();
} catch (error) {
  failed = true;
  process.stderr.write(`\n${error.message}\n`);
} finally {
  for (const child of running) child.kill();
  await Promise.all([...running].map((child) => child.ended));
  if (keep) process.stdout.write(`kept: ${scratch}\n`);
  else rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
process.stdout.write(failed ? "release rehearsal: failed\n" : "release rehearsal: passed\n");
process.exitCode = failed ? 1 : 0;

async function rehearse() {
  await step("copy the tracked files", copyRepository);
  await step("install the copy", () =>
    run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], copy),
  );
  await step("version", () => run("pnpm", ["exec", "changeset", "version"], copy));
  await step("commit the versions", () => commit("Version packages"));
  await step("build", () =>
    run("pnpm", ["exec", "turbo", "run", "build", "--output-logs=errors-only"], copy),
  );
  const upstream = (await run("npm", ["config", "get", "registry"], scratch)).trim();
  const verdaccio = await step(`get verdaccio ${VERDACCIO}`, installVerdaccio);
  const registry = await step("start the registry", () => startRegistry(verdaccio, upstream));
  useRegistry(registry);
  await step("publish", () => publish(registry));
  for (const program of programs) {
    await step(`install and run ${program.packages.join(" ")}`, () => tryAsStranger(program));
  }
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
  // `changeset publish` makes annotated tags, which need an author too.
  Object.assign(env, { GIT_COMMITTER_NAME: "Rehearsal", GIT_COMMITTER_EMAIL: "rehearsal@localhost" });
}

/** Outside the workspace, because it is only needed here; kept between runs, because it is 65 MB. */
async function installVerdaccio() {
  const folder = join(tmpdir(), `orch-verdaccio-${VERDACCIO}`);
  const bin = join(folder, "node_modules/verdaccio/bin/verdaccio");
  const done = join(folder, "installed");
  if (existsSync(done) && existsSync(bin)) return bin;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = {
    private: true,
    dependencies: { verdaccio: VERDACCIO },
    overrides: { "node-fetch": "2.7.0" },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], folder);
  writeFileSync(done, "");
  return bin;
}

async function startRegistry(bin, upstream) {
  const port = await freePort();
  const config = {
    storage: join(scratch, "storage"),
    auth: { htpasswd: { file: join(scratch, "htpasswd") } },
    uplinks: { upstream: { url: upstream, timeout: "60s" } },
    packages: {
      "@orch/*": { access: "$all", publish: "$anonymous" },
      "**": { access: "$all", proxy: "upstream" },
    },
    max_body_size: "50mb",
    log: { type: "stdout", format: "pretty", level: "error" },
  };
  // JSON is YAML as well.
  writeFileSync(join(scratch, "verdaccio.yaml"), JSON.stringify(config));
  const args = [bin, "--config", join(scratch, "verdaccio.yaml"), "--listen", `127.0.0.1:${port}`];
  const server = start("node", args, scratch);
  const url = `http://127.0.0.1:${port}/`;
  for (let waited = 0; waited < 30_000; waited += 100) {
    if (server.exitCode !== null) throw new Error(`The registry ended at once:\n${server.output}`);
    if (
      await fetch(`${url}-/ping`).then(
        (reply) => reply.ok,
        () => false,
      )
    )
      return url;
    await sleep(100, undefined, { signal: stopped.signal });
  }
  throw new Error(`The registry did not answer in 30 s:\n${server.output}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** From here on every npm and pnpm talks to our registry, with settings and a cache of their own. */
function useRegistry(registry) {
  const userconfig = join(scratch, "userconfig");
  const { host } = new URL(registry);
  writeFileSync(userconfig, `registry=${registry}\n//${host}/:_authToken=anybody\n`);
  for (const name of Object.keys(env)) if (/^npm_config_/i.test(name)) delete env[name];
  Object.assign(env, {
    NPM_CONFIG_USERCONFIG: userconfig,
    npm_config_registry: registry,
    npm_config_cache: join(scratch, "npm-cache"),
    npm_config_update_notifier: "false",
  });
}

async function publish(registry) {
  await run("pnpm", ["exec", "changeset", "publish", "--no-git-tag"], copy);
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
  const [command, ...args] = program.command ?? ["node", "main.ts"];
  const home = join(folder, "home");
  mkdirSync(home);
  const dirs = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_STATE_HOME: home,
    XDG_CACHE_HOME: home,
  };
  const output = await run(command, args, folder, dirs);
  const complaint = program.check(output);
  if (complaint) throw new Error(`${complaint} It printed:\n${output}`);
}

function installedIn(modules) {
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

async function step(name, work) {
  stopped.signal.throwIfAborted();
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`.padStart(7);
  try {
    const result = await work();
    process.stdout.write(`ok  ${seconds()}  ${name}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`FAIL${seconds()}  ${name}\n`);
    throw error;
  }
}

/** Runs a command to its end and gives its standard output; its words are shown only when it fails. */
async function run(command, args, cwd, extra = {}) {
  const child = start(command, args, cwd, extra);
  const code = await child.ended;
  stopped.signal.throwIfAborted();
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${child.output}`);
  return child.stdout_;
}

function start(command, args, cwd, extra = {}) {
  const child = spawn(command, args, { cwd, env: { ...env, ...extra }, stdio: ["ignore", "pipe", "pipe"] });
  child.output = "";
  child.stdout_ = "";
  running.add(child);
  child.stdout.on("data", (chunk) => {
    child.output += chunk;
    child.stdout_ += chunk;
  });
  child.stderr.on("data", (chunk) => {
    child.output += chunk;
  });
  child.ended = new Promise((resolve) => {
    child.once("error", (error) => {
      child.output += error.message;
      running.delete(child);
      resolve(-1);
    });
    child.once("close", (code) => {
      running.delete(child);
      resolve(code ?? -1);
    });
  });
  return child;
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
