/** A run that is looked at, answered, followed and stopped from another place: a chat on a terminal, and commands beside it. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { LANES, SALE } from "./support/lanes-files.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const ARGS = ["--trust", "--orc", "lanes"];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Listed {
  readonly runs: readonly { readonly run: string; readonly standing: string; readonly states: string[] }[];
}

async function runs(box: Sandbox, ...args: string[]): Promise<Listed["runs"]> {
  return (JSON.parse((await box.run(["runs", "--json", ...args])).stdout) as Listed).runs;
}

async function ran(box: Sandbox): Promise<string> {
  return (await readFile(join(box.folder, "ran"), "utf8")).trim().split("\n").toSorted().join(" ");
}

describe.concurrent("a run from another place", () => {
  test("is listed, refuses what does not fit, and is answered while its chat is open", async () => {
    await using box = await sandbox(cli.file, { ...LANES, go: "" });
    await using app = box.start(ARGS);
    await app.until(READY);
    expect((await box.run(["inbox"])).stdout).toBe("Nothing waits for you here.\n");
    app.type("a b\r");
    await app.until("Type an answer");
    const inbox = await box.run(["inbox"]);
    const [, name] = /^1 {2}(\w{4}) {2}now {2}lanes, run \w+, process \d+ on .+\n {4}Publish AB\?\n/.exec(
      inbox.stdout,
    )!;
    expect((await box.run(["runs"])).stdout).toMatch(
      /^\w{4} {2}waits for you in approve {2}now {2}lanes {2}session \w{6}: a b\n$/,
    );
    const unfit = await box.run(["answer", name!, "maybe"]);
    // By its name, and not by the path of the state that asks.
    expect([unfit.code, unfit.stderr]).toEqual([
      6,
      expect.stringMatching(
        new RegExp(`does not fit question ${name}\\w*: say yes or no\\. It stays open\\.`),
      ),
    ]);
    expect(unfit.stderr).not.toContain("#1");
    const wrong = await box.run(["answer", `${name!.slice(0, 3)}_`, "yes"]);
    expect([wrong.code, wrong.stderr]).toEqual([8, expect.stringContaining(`Did you mean ${name}?`)]);
    const other = await box.run(["answer", "2", "yes"]);
    expect([other.code, other.stderr]).toEqual([8, expect.stringContaining('No question "2" waits')]);
    // By its number in the list.
    expect(inbox.stdout).toMatch(/\nAnswer with: orch answer 1 <value>\n$/);
    const answered = await box.run(["answer", "1", "yes"]);
    expect([answered.code, answered.stdout]).toEqual([
      0,
      expect.stringMatching(/^Answered “Publish AB\?” with true\. process \d+ on .+ goes on with it\.\n$/),
    ]);
    await app.until("It is published.");
    expect((await box.run(["answer", name!, "no"])).code).toBe(8);
    const gone = await box.run(["answer", "1", "no"]);
    expect([gone.code, gone.stderr]).toEqual([
      8,
      expect.stringContaining("Question 1 of the inbox waits no more."),
    ]);
    expect((await box.run(["runs"])).stdout).toBe(
      "No run is under way here. orch runs --all lists 1 that have ended.\n",
    );
    expect((await box.run(["runs", "--all"])).stdout).toMatch(/^\w{4} {2}ended {2}now {2}lanes /);
    const [one] = await runs(box, "--all");
    const attached = await box.run(["attach", one!.run]);
    expect([attached.code, attached.stdout]).toEqual([0, "It is published.\n"]);
  });

  test("is followed, gone on with after kill -9, answered when nobody runs it, and ended by orch -c", async () => {
    await using box = await sandbox(cli.file, LANES);
    const app = box.start(ARGS, { asProcess: true });
    await app.until(READY);
    app.type("a b c\r");
    await app.until(/workAll.*2/);
    const [one] = await runs(box);
    expect(one).toMatchObject({ standing: "running", states: ["workAll"] });
    const short = one!.run.slice(-6).toLowerCase();
    const following = follow(box, ["attach", short, "--output", "stream-json"]);
    await following.until('"state":"workAll"');
    expect((await box.run(["attach", "ZZZZ"])).code).toBe(8);
    await writeFile(join(box.folder, "go"), "");
    app.signal("SIGKILL");
    await app.ended;
    const left = await following.ended;
    expect([left.code, left.stderr]).toEqual([20, expect.stringContaining("Publish ABC?")]);
    const [, name] = /orch answer (\w+) /.exec(left.stderr)!;
    const numbers = left.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { seq?: number; part?: number })
      .flatMap(({ seq, part }) => (seq === undefined || part !== undefined ? [] : [seq]));
    expect(numbers).toEqual(Array.from(numbers, (_, at) => at + 1));
    expect(await ran(box)).toBe("a b c c plan");
    expect((await box.run(["attach", short])).code).toBe(20);
    expect((await box.run(["answer", name!, "maybe"])).code).toBe(6);
    const kept = await box.run(["answer", name!, "no"]);
    expect(kept.stdout).toMatch(/with false\. Nobody runs it now: orch attach \w+, or orch -c, goes on\.\n$/);
    expect((await box.run(["inbox"])).stdout).toBe("Nothing waits for you here.\n");
    expect((await box.run(["runs"])).stdout).toMatch(/^\w{4} {2}left in approve, answered {2}now /);
    await using again = box.start(["--trust", "-c"]);
    await again.until("↻ stopped in approve, its question is answered. Enter goes on");
    again.type("\r");
    await again.until("It stays here.");
    expect(await ran(box)).toBe("a b c c plan");
  });

  test("waits for a signal, which another command sends while a process drives it and when none does", async () => {
    await using box = await sandbox(cli.file, SALE);
    await using app = box.start(["--trust", "--orc", "sale"], { asProcess: true });
    await app.until(READY);
    app.type("two lamps\r");
    await app.until("waits for the signal paid");
    const [one] = await runs(box);
    const short = one!.run.slice(-4);
    expect((await box.run(["runs"])).stdout).toContain("running in payment, waits for paid");
    const inbox = await box.run(["inbox"]);
    expect(inbox.stdout).toMatch(
      new RegExp(`^payment of sale, run ${short}, process \\d+ on .+, waits for the signal paid\\n`),
    );
    expect(inbox.stdout).toContain(`Send one with: orch signal ${short} paid <value>\n`);
    const unfit = await box.run(["signal", short, "paid", "soon"]);
    expect([unfit.code, unfit.stderr]).toEqual([6, expect.stringContaining("say a number")]);
    const wrong = await box.run(["signal", short, "payd", "1"]);
    expect([wrong.code, wrong.stderr]).toEqual([8, expect.stringContaining('like "paid"')]);
    const nameless = await box.run(["signal", short, "paid", "12", "--key", ""]);
    expect([nameless.code, nameless.stderr]).toEqual([2, expect.stringContaining("--key needs a value")]);
    const once = ["--key", "transfer-17"];
    const sent = await box.run(["signal", short, "paid", "12", ...once]);
    expect(sent.stdout).toMatch(/^Sent paid with 12\. process \d+ on .+ goes on with it\.\n$/);
    expect((await box.run(["signal", short, "paid", "13", ...once])).code).toBe(0);
    await app.until("waits for the signal sent");
    app.signal("SIGKILL");
    await app.ended;
    const kept = await box.run(["signal", short, "sent", "by mail", "--trust"]);
    expect([kept.stdout, kept.stderr]).toEqual([
      expect.stringMatching(/^Sent sent with "by mail"\. Nobody runs it now: orch attach/),
      "",
    ]);
    // Sent again after a restart, to a run that nobody drives.
    const again = await box.run(["signal", short, "paid", "14", ...once, "--json", "--trust"]);
    expect(JSON.parse(again.stdout)).toEqual({
      ...{ v: 1, run: one!.run, signal: "paid", value: 14, key: "transfer-17" },
    });
    const attached = await box.run(["attach", short, "--trust"]);
    expect([attached.code, attached.stdout]).toEqual([0, "two lamps: 12, by mail\n"]);
    const events = (await box.run(["attach", short, "--output", "stream-json"])).stdout;
    expect(events.match(/"signal":"(paid|sent)","number":\d/g)).toEqual([
      '"signal":"paid","number":1',
      '"signal":"sent","number":2',
    ]);
    const late = await box.run(["signal", short, "sent", "again", "--trust"]);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining("has ended before as completed")]);
  });

  test("says in a pipe which signals it waits for and how to send one, and ends when they came", async () => {
    await using box = await sandbox(cli.file, SALE);
    const args = ["--trust", "--orc", "sale", "-p", "two lamps", "--output", "stream-json"];
    const piped = follow(box, args);
    await piped.until('"type":"run.waiting"');
    const [one] = await runs(box);
    expect((await box.run(["signal", one!.run, "paid", "12"])).code).toBe(0);
    await piped.until('"signals":["sent"]');
    expect((await box.run(["signal", one!.run, "sent", "by mail"])).code).toBe(0);
    const { code, stdout, stderr } = await piped.ended;
    expect([code, stderr]).toEqual([
      0,
      ["paid", "sent"]
        .map(
          (kind) => `orch: The run waits for the signal ${kind}: orch signal ${one!.run} ${kind} <value>\n`,
        )
        .join(""),
    ]);
    const told = stdout.split("\n").filter((line) => /"type":"(state.waiting|signal.received)"/.test(line));
    expect(told.map((line) => JSON.parse(line) as object)).toMatchObject([
      { type: "state.waiting", state: "payment", signal: "paid" },
      { type: "signal.received", signal: "paid", number: 1, value: 12 },
      { type: "state.waiting", state: "delivery", signal: "sent" },
      { type: "signal.received", signal: "sent", number: 2, value: "by mail" },
    ]);
    expect(stdout).toContain("two lamps: 12, by mail");
  });

  test("is followed on a terminal until somebody answers it elsewhere, and left by Ctrl-C", async () => {
    await using box = await sandbox(cli.file, { ...LANES, go: "" });
    expect((await box.run([...ARGS, "-p", "a b"])).code).toBe(20);
    const [one] = await runs(box);
    {
      await using app = box.start(["attach", one!.run.slice(-5)], { asProcess: true });
      await app.until(
        /⏸ approve asks: Publish AB\?\n {2}Answer it from elsewhere: orch answer \w{8} <value>/,
      );
      expect(await runs(box)).toMatchObject([{ standing: "waiting", driver: expect.any(String) }]);
      app.type("\u0003");
      expect((await app.ended).code).toBe(130);
    }
    const [left] = await runs(box);
    expect(left).not.toHaveProperty("driver");
    await using app = box.start(["attach", one!.run]);
    await app.until("Answer it from elsewhere");
    const [, name] = /orch answer (\w{8})/.exec(app.scrollback())!;
    expect((await box.run(["answer", name!, "yes"])).stdout).toMatch(/goes on with it\.\n$/);
    await app.until("It is published.");
    expect((await app.ended).code).toBe(0);
    expect(app.count("Publish AB?")).toBe(1);
    await using chat = box.start(["--trust", "-c"]);
    await chat.until(/› a b\n+It is published\./);
  });

  test("is stopped while its chat is open, and when nobody runs it", async () => {
    await using box = await sandbox(cli.file, LANES);
    await using app = box.start(ARGS);
    await app.until(READY);
    app.type("a b c\r");
    await app.until(/workAll.*2/);
    const [one] = await runs(box);
    const stopped = await box.run(["cancel", one!.run.slice(-6)]);
    expect([stopped.code, stopped.stdout]).toEqual([
      0,
      expect.stringMatching(/^Stopped run \w+ of lanes\.\n$/),
    ]);
    await app.until("⊘ stopped from elsewhere: stopped by orch cancel");
    app.type("a c\r");
    await app.until((it) => it.count("What c found so far.") >= 2);
    app.type("/quit\r");
    await app.ended;
    const [left] = await runs(box);
    expect(left).toMatchObject({ standing: "left", states: ["workAll"] });
    expect((await box.run(["cancel", left!.run])).code).toBe(0);
    expect((await box.run(["cancel", left!.run])).code).toBe(0);
    expect((await runs(box, "--all")).map(({ standing }) => standing)).toEqual(["cancelled", "cancelled"]);
    await using again = box.start(["--trust", "-c"]);
    await again.until(/› a c\n[^›]*⊘ stopped/);
    expect(again.scrollback()).not.toContain("Enter goes on");
  });
});

/** Runs a command beside the test, which waits for what it prints. */
function follow(
  box: Sandbox,
  args: readonly string[],
): {
  readonly until: (text: string) => Promise<void>;
  readonly ended: Promise<Ended>;
} {
  const options = { cwd: box.folder, env: childEnvironment({ HOME: box.home }) };
  const child = execFile(process.execPath, [cli.file, ...args], options);
  let [stdout, stderr] = ["", ""];
  let heard = (): void => undefined;
  child.stdout!.on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr!.on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    until: (text) =>
      new Promise((resolve, reject) => {
        heard = () => {
          if (stdout.includes(text)) resolve();
        };
        heard();
        void ended.then(() => reject(new Error(`It ended before ${text}: ${stdout}${stderr}`)));
      }),
    ended,
  };
}
