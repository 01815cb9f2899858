/**
 * Starts the chat from a checkout: builds what is stale, then becomes the chat.
 *
 * Plain JavaScript for any Node from 20 on, because it runs before the pinned Node is found. Standard
 * output belongs to the chat alone, so that `pnpm chat -p "..." | jq` works; all words here go to stderr.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "apps/chat/dist/cli.js");
const stamp = join(root, "node_modules/.cache/orch-chat.stamp");
const signalled = { name: undefined };

const node = findNode();
await buildIfStale();
process.exit(await start());

/** The Node that was installed with the workspace, else the one that runs this. */
function findNode() {
  const pinned = join(root, "node_modules/.bin/node");
  const found = existsSync(pinned) ? pinned : process.execPath;
  const version = found === process.execPath ? process.version : run(found, ["--version"]);
  const [major = 0, minor = 0] = version.slice(1).split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return found;
  say(
    `the chat needs Node 22.18 or newer, and this is ${version}. Install a newer Node, then start it again.`,
  );
  process.exit(1);
}

function run(command, args) {
  return spawnSync(command, args, { encoding: "utf8" }).stdout?.trim() || "v0.0.0";
}

/** Builds with turbo when a source changed since the last good build; asking turbo each time would cost a second. */
async function buildIfStale() {
  const first = !existsSync(cli);
  const print = fingerprint();
  if (!first && existsSync(stamp) && readFileSync(stamp, "utf8") === print) return;

  const what = first ? "building the chat (first start only)" : "building the chat (its sources changed)";
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0);
  const live = process.stderr.isTTY;
  const draw = () => process.stderr.write(`\r\x1b[2Korch: ${what} ... ${seconds()} s`);
  const timer = live ? setInterval(draw, 200) : undefined;
  if (!live) say(`${what} ...`);

  const { code, log } = await build();
  clearInterval(timer);
  if (live) process.stderr.write("\r\x1b[2K");
  if (signalled.name) process.exit(128 + constants.signals[signalled.name]);
  if (code !== 0 || !existsSync(cli)) {
    process.stderr.write(log);
    say("the build failed; its log is above.");
    process.exit(1);
  }
  mkdirSync(join(stamp, ".."), { recursive: true });
  writeFileSync(stamp, print);
}

function build() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const pnpm = spawnSync("pnpm", ["--version"], { stdio: "ignore" }).status === 0;
  const [command, ...args] = pnpm ? ["pnpm"] : ["npx", "--yes", packageManager];
  args.push("exec", "turbo", "run", "build", "--filter=@orch/chat...", "--output-logs=errors-only");
  return new Promise((resolve) => {
    let log = "";
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
    });
    const stop = (name) => {
      signalled.name = name;
      child.kill(name);
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, stop);
    const end = (code) => {
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(name, stop);
      resolve({ code, log });
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
    child.once("error", (error) => {
      log += `${error.message}\n`;
      end(1);
    });
    child.once("close", end);
  });
}

/** Path, time and size of everything the build reads: also notices a file that went or that is older than before. */
function fingerprint() {
  const hash = createHash("sha256");
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${relative(root, path)} ${mtimeMs} ${size}\n`);
  };
  for (const name of ["tsconfig.base.json", "pnpm-lock.yaml", "turbo.json"]) add(join(root, name));
  for (const group of ["packages", "apps"]) {
    for (const name of readdirSync(join(root, group)).sort()) {
      const folder = join(root, group, name);
      for (const file of ["package.json", "tsconfig.build.json", "build.mjs"]) {
        if (existsSync(join(folder, file))) add(join(folder, file));
      }
      const sources = join(folder, "src");
      if (!existsSync(sources)) continue;
      for (const entry of readdirSync(sources, { recursive: true }).sort()) {
        if (!/\.test\.tsx?$/.test(entry) && /\.\w+$/.test(entry)) add(join(sources, entry));
      }
    }
  }
  return hash.digest("hex");
}

/** Runs the chat in our place: same streams, same signals, same exit code. */
function start() {
  return new Promise((resolve) => {
    const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: "inherit" });
    // A terminal sends Ctrl-C to the chat as well; passing it on would make it two. We only outlive it.
    const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(name, () => {
        if (name !== "SIGINT" || !terminal) child.kill(name);
      });
    }
    child.once("error", (error) => {
      say(`the chat could not be started: ${error.message}.`);
      resolve(1);
    });
    child.once("close", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function say(sentence) {
  process.stderr.write(`orch: ${sentence}\n`);
}
