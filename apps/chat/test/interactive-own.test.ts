/** Orchestrations of one's own in the real program, on a pseudo-terminal. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";

/** A project with one orchestration of its own. */
function project(name: string, text: string): Readonly<Record<string, string>> {
  return {
    "orch.config.json": JSON.stringify({ orchestrations: { [name]: { file: `./orc/${name}.ts` } } }),
    [`orc/${name}.ts`]: text,
  };
}

const BROKEN = `import { orchestration, runnable } from "@orch/core";
const a = runnable("a", (x: string) => x);
const b = runnable("a", (x: string) => x);
export default () => orchestration("broken", (o) => o.start(a).finish(b));
`;

describe.concurrent("an orchestration of one's own in the chat", () => {
  test("T25: every problem of a definition is on the screen, with its place, when it is chosen", async () => {
    await using box = await sandbox(cli.file, project("broken", BROKEN));
    await using app = box.start(["--trust"]);
    await app.until(READY);
    app.type("/orc broken\r");
    await app.until("Correct what each line names");
    expect(app.unbroken().match(/orc\/broken\.ts:3:20: /g)).toHaveLength(4);
    expect(app.scrollback()).toContain("is never reached");
    // What answered before goes on, without a warning of Node's in between.
    expect(app.scrollback()).not.toContain("MODULE_TYPELESS");
  });
});
