/** A run that goes round in a circle, in the real program on a pseudo-terminal. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const CIRCLE = `import { orchestration, runnable } from "@orch/core";
import { orchestrationRuntime } from "@orch/chat-runtime";

const draft = runnable("draft", (text: string) => text);
const check = runnable("check", async (text: string) => text);

export default () =>
  orchestrationRuntime(
    orchestration(
      "circle",
      (o) =>
        o
          .start(draft)
          .advance(draft, check)
          .advance(check, draft, { when: () => true, label: "not good enough" })
          .finish(check),
      { maxSteps: 7 },
    ),
    { toInput: ({ text }) => text, toMessage: (text) => text },
  );
`;

test("says which limit stopped it and round which states it went, on the screen and without one", async () => {
  const config = { orchestrations: { circle: { file: "./circle.ts" } }, orchestration: "circle" };
  const files = { "orch.config.json": JSON.stringify(config), "circle.ts": CIRCLE };
  await using box = await sandbox(cli.file, files);
  const printed = await box.run(["--trust", "-p", "go"]);
  expect(printed.code).toBe(7);
  expect(printed.stderr).toContain('"circle" took 7 steps without reaching a finish');
  await using app = box.start(["--trust"]);
  await app.until("Ask, or / for commands");
  app.type("go\r");
  await app.until("it goes round");
  expect(app.unbroken()).toMatch(/it goes round\s+draft -> check -> draft/);
  expect(app.unbroken()).toMatch(/Make a condition on that way become false in the end, or raise maxSteps/);
  // Each way round has a line of its own, with its number.
  expect(app.scrollback()).toMatch(/● check ×4/);
  app.type("/timeline\r");
  await app.until((it) => /check #4/.test(it.screen()));
  expect(app.screen()).toContain("not good enough");
  app.type("g");
  await app.until((it) => it.screen().includes("never completes"));
});
