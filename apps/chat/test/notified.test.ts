/** A question and a long turn reach who looks elsewhere: by the bell, by a notification of the desktop, or not at all. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMS } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

/** The notifications of the desktop among what a terminal was sent. */
const desktop = (raw: string): readonly string[] =>
  raw
    .split("\u001b]9;")
    .slice(1)
    .map((rest) => rest.split("\u0007", 1)[0]!);
/** The bells, apart from those that end a notification. */
const bells = (raw: string): number => raw.split("\u0007").length - 1 - desktop(raw).length;

describe.concurrent("T19: who looks elsewhere", () => {
  test.each([
    ["osc9", { bells: 0, desktop: ["A question waits for you", "The turn has ended"] }],
    ["bell", { bells: 2, desktop: [] }],
    ["off", { bells: 0, desktop: [] }],
  ] as const)("is told of a question and of the end of a long turn by %s", async (via, told) => {
    await using box = await sandbox(cli.file, FORMS);
    await mkdir(join(box.home, ".config/orch"), { recursive: true });
    // A turn of any length is a long one here.
    const config = { ui: { notify: { via, after: 0 } } };
    await writeFile(join(box.home, ".config/orch/config.json"), JSON.stringify(config));
    await using app = box.start(["--trust", "--orc", "form"], { columns: 100 });
    await app.until("Ask, or / for commands");
    app.type("go\r");
    await app.until((it) => it.screen().includes("y yes"));
    app.type("y");
    await app.until((it) => it.screen().includes("› copies"));
    app.type("2\r\r");
    await app.until("Given:");
    await app.until((it) => it.screen().endsWith(" / commands"));
    expect({ bells: bells(app.raw), desktop: desktop(app.raw) }).toEqual(told);
  });
});
