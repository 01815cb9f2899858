/** What is shown can be taken out: by copying from the screen, by commands, and by links. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { slowModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const COMMAND =
  'docker run --rm -it -v "$PWD:/work" -e FOO=bar --name example-container host.example.com/team/image:1.2.3 sh -c "echo hello && sleep 1"';
const ADDRESS = `https://example.com/${"a-long-path/".repeat(12)}?x=1#step-2`;
const ANSWER = `Run this:\n\n\`\`\`sh\n${COMMAND}\n\`\`\`\n\nThen read ${ADDRESS} and [the guide](${ADDRESS}&y) there.\n\nThe end.\n`;

const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");
/** Rows that the terminal broke are one, as a copy gives them. */
const copied = (app: TerminalApp): readonly string[] => app.unbroken().split("\n");

describe.concurrent("taking out", () => {
  test.each([90, 60])(
    "T10, T09: in %i columns a copy of code and of an address is the source",
    async (columns) => {
      await using model = await slowModel(ANSWER, 2, 24);
      await using box = await sandbox(cli.file, model.files);
      await using app = box.start(model.args, { columns, rows: 24 });
      await app.until(READY);
      app.type("tell me\r");
      await app.until((it) => it.count("The end.") === 1 && idle(it));
      expect(copied(app)).toContain(COMMAND);
      expect(copied(app)).toContain(ADDRESS);
      expect(copied(app)).toContain(`(${ADDRESS}&y)`);
      // Painted anew as well.
      app.type("\u000c");
      await app.until((it) => it.fullClears() === 1 && idle(it));
      expect(copied(app)).toContain(COMMAND);
      expect(app.count("The end.")).toBe(1);
      expect(app.fired).toEqual([]);
    },
  );
});
