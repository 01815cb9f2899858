/** The log of the program, from the outside. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Workplace, workplace } from "./headless-orch.ts";
import { buildCli } from "./support/built-cli.ts";
import { slowModel } from "./support/slow-model.ts";
import { TerminalApp } from "./support/terminal-app.ts";

let place: Workplace;
let file: string;
beforeEach(async () => {
  place = await workplace();
  file = join(place.home, ".local/state/orch/orch.log");
});
afterEach(() => place.remove());

it("says where requests went and how runs ended, and nothing of what was said", async () => {
  await using model = await slowModel("the private answer", 0);
  for (const [name, text] of Object.entries(model.files)) await place.write(name, text);
  const { code } = await place.run([...model.args, "-p", "my private question"]);
  expect(code).toBe(0);
  const text = await readFile(file, "utf8");
  for (const event of [
    "start orch=",
    "turn.started",
    "run.started",
    'request method="POST" host="127.0.0.1:',
    "run.completed",
    "turn.ended",
    "end code=0",
  ])
    expect(text).toContain(event);
  expect(text).not.toContain("private");
  expect(text).not.toContain(" debug ");
  await place.run([...model.args, "--debug", "-p", "my private question"]);
  expect(await readFile(file, "utf8")).toMatch(/debug request\.sent .*my private question/);
});

it("--no-session writes none, unless --debug names a file; log.level may switch it off", async () => {
  await place.run(["-p", "retries?", "--no-session", "--debug"]);
  expect(existsSync(join(place.home, ".local/state/orch"))).toBe(false);
  await place.run(["-p", "retries?", "--no-session", "--debug=notes/orch.log"]);
  expect(await readFile(join(place.folder, "notes/orch.log"), "utf8")).toContain("turn.started");
  expect(existsSync(join(place.home, ".local/state/orch"))).toBe(false);
  await symlink(place.home, join(place.folder, "linked"));
  const refused = await place.run(["-p", "retries?", "--no-session", "--debug=linked/orch.log"]);
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("nothing is written through a link"),
  });
  await mkdir(join(place.home, ".config/orch"), { recursive: true });
  await writeFile(join(place.home, ".config/orch/config.json"), '{ "log": { "level": "off" } }');
  await place.run(["-p", "retries?"]);
  expect(await readdir(join(place.home, ".local/state/orch"))).not.toContain("orch.log");
  const explained = await place.run(["config", "explain", "log.level"]);
  expect(explained.stdout).toMatch(/log\.level = "off" .*config\.json/);
});

it("a log that cannot be written stops nothing, and orch doctor says so", async () => {
  await mkdir(file, { recursive: true });
  const { code, stdout } = await place.run(["-p", "How are failed states tried again?"]);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("retry policy") });
  const doctor = await place.run(["doctor"]);
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(/^BROKEN log .*cannot be written/m);
});

it("/debug says where the log is, shows its last lines, and writes more from now on", async () => {
  await using cli = await buildCli();
  await using app = new TerminalApp({
    file: cli.file,
    cwd: place.folder,
    env: { HOME: place.home },
  });
  await app.until("Ask, or / for commands");
  app.type("/debug\r");
  await app.until("The log (info): ");
  await app.until("info  start orch=");
  app.type("/debug on\r");
  await app.until("The log (debug): ");
  app.type("How are failed states tried again?\r");
  await app.until("retry policy");
  app.type("/debug maybe\r");
  await app.until("/debug knows on and off.");
  app.type("\u0004");
  await app.ended;
  expect(await readFile(file, "utf8")).toMatch(/debug state\./);
});
