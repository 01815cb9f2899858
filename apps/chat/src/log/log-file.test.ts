import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@orch/core/doors";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LogFile, type LogFileOptions } from "./log-file.ts";
import { loggedFetch } from "./logged-fetch.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-log-"));
  file = join(folder, "state/orch.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const logOf = (options: Partial<LogFileOptions> = {}): LogFile =>
  new LogFile({ file, level: "info", clock: systemClock, secrets: [], ...options });

it("writes what its level lets through, one line each, for this user only", async () => {
  const log = logOf();
  log.write("info", "start", { orch: "1.0.0", ms: 12, nothing: undefined });
  log.write("debug", "state.started");
  log.use("debug");
  log.write("debug", "state.started", { path: "a/b" });
  log.use("off");
  log.write("error", "failed");
  await log.settled();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    'info  start orch="1.0.0" ms=12',
    'debug state.started path="a/b"',
  ]);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("holds no key, and nothing that a terminal obeys", async () => {
  const log = logOf({ secrets: ["my-own-odd-key", "short"] });
  const says = `\u001b]0;x\u0007 my-own-odd-key short\nsk-abcdefghijklmnopqrstuvwxyz0123456789`;
  log.write("error", "failed", { says, body: { authorization: "Bearer my-own-odd-key" } });
  await log.settled();
  const text = await readFile(file, "utf8");
  expect(text).not.toMatch(/my-own-odd-key|sk-abc/);
  expect(text).toContain("short");
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

it("is renamed when it is full, so that there are two files of limited size", async () => {
  const log = logOf({ maxBytes: 1000 });
  for (let at = 0; at < 100; at++) {
    log.write("info", "line", { at });
    await log.settled();
  }
  expect(await readdir(join(folder, "state"))).toEqual(["orch.log", "orch.log.1"]);
  for (const name of ["orch.log", "orch.log.1"])
    expect((await stat(join(folder, "state", name))).size).toBeLessThanOrEqual(1000);
  const last = await log.tail(3);
  expect(last.map((line) => line.replace(/^.* at=/, ""))).toEqual(["97", "98", "99"]);
});

it("never fails: a folder that is a file, a link and a text without end only lose lines", async () => {
  await writeFile(join(folder, "state"), "a file");
  const blocked = logOf();
  blocked.write("info", "start");
  await blocked.settled();
  expect(blocked.problem).toMatch(/EEXIST|ENOTDIR/);
  expect(await blocked.tail(5)).toEqual([]);
  await rm(join(folder, "state"));
  await mkdir(join(folder, "state"));
  await symlink(join(folder, "elsewhere"), file);
  const linked = logOf();
  linked.write("info", "start");
  await linked.settled();
  expect(linked.problem).toBe("ELOOP");
  await rm(file);
  const long = logOf();
  long.write("info", "start", { says: "x".repeat(1e6) });
  for (let at = 0; at < 5000; at++) long.write("info", "line", { at });
  await long.settled();
  expect((await stat(file)).size).toBeLessThan(100_000);
  expect(long.problem).toBe("the disk is too slow");
});

it("tells of requests where they went, and what was sent only at debug", async () => {
  const answers = [
    new Response("ok"),
    new Response("bad key sk-abcdefghijklmnopqrstuvwxyz01", { status: 401 }),
  ];
  const log = logOf();
  const fetch = loggedFetch(
    async () =>
      answers.shift() ?? Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })),
    log,
    systemClock,
  );
  const body = '{"messages":["private"]}';
  await fetch("https://api.example/v1/chat?key=abc", { method: "POST", body });
  log.use("debug");
  expect(await (await fetch("https://api.example/v1/chat", { method: "POST", body })).text()).toContain(
    "bad key",
  );
  await vi.waitFor(async () => expect((await log.tail(1))[0]).toContain("request.refused"));
  log.use("info");
  await expect(fetch(new URL("http://127.0.0.1:9/x"))).rejects.toThrow("fetch failed");
  const lines = (await log.tail(9)).map((line) => line.replace(/^\S+ /, "").replace(/ms=\d+/, "ms=1"));
  expect(lines).toEqual([
    'info  request method="POST" host="api.example" status=200 ms=1',
    `debug request.sent method="POST" host="api.example" body=${JSON.stringify(body)}`,
    'warn  request method="POST" host="api.example" status=401 ms=1',
    'debug request.refused method="POST" host="api.example" body="bad key [secret left out]"',
    'warn  request method="GET" host="127.0.0.1:9" failed="ECONNREFUSED" ms=1',
  ]);
});
