import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@orch/core/doors";
import { expect, onTestFinished, test } from "vitest";
import { browse, guardedServer } from "../../../../packages/agents/test/cases/oauth-server.ts";
import type { Flags } from "../config/args.ts";
import type { McpConfig } from "../config/config.ts";
import { loginsIn } from "../mcp/mcp-logins.ts";
import { McpServers } from "../mcp/mcp-servers.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { runMcp } from "./mcp-command.ts";
import type { HeadlessOutput } from "./run-headless.ts";

async function desk() {
  const { url, expire } = await guardedServer();
  const stateFolder = await mkdtemp(join(tmpdir(), "orch-mcp-command-"));
  onTestFinished(() => rm(stateFolder, { recursive: true }));
  const mcp: { readonly [name: string]: McpConfig } = { mail: { url }, files: { command: "files-server" } };
  const setup = { stateFolder, folder: stateFolder, config: { config: { mcp } } } as unknown as Setup;
  const doors = { clock: systemClock, fetch } as unknown as Doors;
  const run = async (words: readonly string[], output: Flags["output"] = "text") => {
    let [out, visited] = ["", ""];
    const streams = {
      stdout: { write: (text: string) => (out += text) },
      stderr: {
        write: (text: string) => {
          visited = /http\S+/.exec(text)?.[0] ?? "";
          void browse(visited);
        },
      },
    } as unknown as HeadlessOutput;
    const code = await runMcp(words, setup, { output } as Flags, doors, streams);
    return { code, out, visited };
  };
  const servers = (): McpServers => {
    const all = new McpServers(
      { mail: { url, approve: false } },
      { clock: systemClock, fetch, folder: stateFolder, failed: () => {}, logins: loginsIn(stateFolder) },
    );
    onTestFinished(() => all.close());
    return all;
  };
  return { run, servers, url, expire };
}

test("orch mcp logs in at a server once, lists where a login is kept, and forgets it", async () => {
  const { run, servers, url } = await desk();
  const before = servers();
  expect(await before.tools()).toEqual([]);
  expect(before.states).toMatchObject([{ state: "failed", problem: expect.stringMatching(/wants a login/) }]);

  expect((await run(["list"])).out).toBe(`mail  no login kept  ${url}\nfiles  a program  files-server\n`);
  const login = await run(["login", "mail"]);
  expect(login).toMatchObject({ code: 0, out: "Logged in at mail.\n" });
  expect(login.visited).toContain("code_challenge=");
  expect(JSON.parse((await run([], "json")).out)).toEqual([
    { server: "mail", reached: url, login: "kept" },
    { server: "files", reached: "files-server" },
  ]);
  expect((await servers().tools()).map(({ name }) => name)).toContain("mail__hi");

  expect((await run(["logout", "mail"])).out).toBe("Logged out of mail.\n");
  expect((await run(["logout", "mail"])).out).toBe("No login is kept for mail.\n");
  expect(await servers().tools()).toEqual([]);
});

test("orch mcp says what it takes", async () => {
  const { run } = await desk();
  for (const [words, says] of [
    [["login"], /needs a server/],
    [["login", "none"], /no server "none"; it has mail, files/],
    [["login", "files"], /is a program/],
    [["logout"], /needs a server/],
    [["list", "x"], /takes no words/],
    [["dance"], /there is list, login and logout/],
    [["login", "a", "b"], /takes one server/],
  ] as const)
    await expect(run(words), words.join(" ")).rejects.toThrow(says);
});
