/** The programs that a rehearsal starts: in an environment that nobody above has set, and ended with the rehearsal. */
import { spawn } from "node:child_process";

const running = new Set();
const stopped = new AbortController();

/** Fires when the rehearsal is stopped by a signal. */
export const stopping = stopped.signal;

/** What every program is started with; steps add to it. */
export const env = { ...process.env, CI: "1", NO_COLOR: "1", TURBO_TELEMETRY_DISABLED: "1" };
// What a package manager above us set must not reach the ones below.
for (const name of Object.keys(env)) {
  if (/^(npm_|pnpm_)/i.test(name) && !/^npm_config_(registry|cache|userconfig)$/i.test(name))
    delete env[name];
}
for (const name of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "NODE_ENV", "NODE_OPTIONS"]) delete env[name];

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    stopped.abort(new Error(`stopped by ${signal}`));
    for (const child of running) child.end();
  });
}

/** Ends all that still runs. */
export async function endAll() {
  for (const child of running) child.end();
  await Promise.all([...running].map((child) => child.ended));
}

/** Runs a command to its end and gives its standard output; its words are shown only when it fails. */
export async function run(command, args, cwd, extra = {}) {
  const child = start(command, args, cwd, extra);
  const code = await child.ended;
  stopping.throwIfAborted();
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${child.output}`);
  return child.stdout_;
}

/** Starts a command. `ended` resolves with its exit code, `output` has all that it said so far, `end` sends a signal. */
export function start(command, args, cwd, extra = {}) {
  // Each leads a group: what npm has started gets its signals too, as from a terminal.
  const child = spawn(command, args, {
    cwd,
    env: { ...env, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  child.end = (signal = "SIGTERM") => {
    if (process.platform === "win32") return child.kill(signal);
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
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

/** Runs a step under its name and prints how long it took. */
export async function step(name, work) {
  stopping.throwIfAborted();
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
