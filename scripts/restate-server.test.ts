/** The Restate server that tests use: how it is found, started, killed and begun again, and that it ends with who started it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findRestateServer, NO_RESTATE, RestateServer, restateServerPath } from "./restate-server.ts";

const nothing = (file: string): string => {
  throw new Error(`Cannot find module '${file}'`);
};

/** A program that starts a server, says where it is, and does not end by itself. */
const STARTER = `
  const { RestateServer } = await import(${JSON.stringify(join(import.meta.dirname, "restate-server.ts"))});
  const { pid, folder } = await RestateServer.start();
  console.log(JSON.stringify({ pid, folder }));
  setInterval(() => {}, 1_000);`;

if (restateServerPath === undefined) console.log(NO_RESTATE);

describe("the Restate server for tests", () => {
  it("is the one that RESTATE_SERVER_PATH names, before the one of the package", () => {
    const machine = { platform: "linux", arch: "x64" };
    const resolve = (file: string): string => `/modules/${file}`;

    expect(findRestateServer({ RESTATE_SERVER_PATH: "/my/server" }, machine, resolve)).toBe("/my/server");
    expect(findRestateServer({ RESTATE_SERVER_PATH: "" }, machine, resolve)).toBe(
      "/modules/@restatedev/restate-server-linux-x64/bin/restate-server",
    );
  });

  it("is not there where its optional package is not, and the line that tells says how to name one", () => {
    expect(findRestateServer({}, { platform: "win32", arch: "x64" }, nothing)).toBeUndefined();
    expect(NO_RESTATE).toMatch(/^skipped: .* RESTATE_SERVER_PATH\.$/);
  });

  it.skipIf(restateServerPath === undefined)(
    "takes requests, is killed, and begins again at its place",
    async () => {
      await using server = await RestateServer.start();
      const deployments = async (): Promise<unknown> => (await fetch(`${server.admin}/deployments`)).json();

      expect(await deployments()).toEqual({ deployments: [] });
      await server.kill();
      await expect(deployments()).rejects.toThrow();
      await server.again();
      expect(await deployments()).toEqual({ deployments: [] });
    },
  );

  it.skipIf(restateServerPath === undefined)(
    "ends with the process that started it, also by SIGKILL",
    async () => {
      const starter = spawn(process.execPath, ["--input-type=module", "-e", STARTER], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [line] = (await once(starter.stdout, "data")) as [Buffer];
      const { pid, folder } = JSON.parse(line.toString()) as { pid: number; folder: string };
      starter.kill("SIGKILL");

      await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
      await expect.poll(() => existsSync(folder), { timeout: 60_000 }).toBe(false);
    },
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
