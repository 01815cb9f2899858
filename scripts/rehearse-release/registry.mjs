/** A registry of our own on the loopback: our packages are published to it, all others come through it. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { env, run, start, stopping } from "./processes.mjs";

/** The registry's program. */
export const VERDACCIO = "6.10.4";

/** Outside the workspace, because it is only needed here; kept between runs, because it is 65 MB. Gives its first file. */
export async function installVerdaccio() {
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

/** Starts it with its files in `scratch`; gives its address. */
export async function startRegistry(bin, scratch, upstream) {
  const port = await freePort();
  const ours = { access: "$all", publish: "$anonymous" };
  const config = {
    storage: join(scratch, "storage"),
    auth: { htpasswd: { file: join(scratch, "htpasswd") } },
    uplinks: { upstream: { url: upstream, timeout: "60s" } },
    packages: { "@orch/*": ours, "create-orch": ours, "**": { access: "$all", proxy: "upstream" } },
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
    const isUp = await fetch(`${url}-/ping`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (isUp) return url;
    await sleep(100, undefined, { signal: stopping });
  }
  throw new Error(`The registry did not answer in 30 s:\n${server.output}`);
}

/** From here on every npm and pnpm talks to this registry, with settings and a cache of their own. */
export function useRegistry(registry, scratch) {
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
