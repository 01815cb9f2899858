/** Messages that are sent while another one is answered, by the setting `inbox`, in the real program on a pseudo-terminal. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { heldModel } from "./support/slow-model.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

test("inbox: interrupt stops what is answered for the new message; reject leaves it in the input", async () => {
  await using model = await heldModel("The answer begins. And ends.", "begins.");
  const config = JSON.parse(model.files["orch.config.json"]!);
  for (const inbox of ["interrupt", "reject"]) {
    await using box = await sandbox(cli.file, { "orch.config.json": JSON.stringify({ ...config, inbox }) });
    await using app = box.start(model.args);
    await app.until("Ask, or / for commands");
    app.type("first\r");
    await app.until("The answer begins.");
    app.type("second\r");
    if (inbox === "interrupt") {
      await app.until((it) => it.count("The answer begins.") === 2);
      expect(app.scrollback()).toMatch(
        /› first[\s\S]*stopped; what there is of the answer is kept[\s\S]*› second/,
      );
      expect(app.screen()).not.toContain("⧗");
    } else {
      await app.until("Another message is being answered.");
      await app.until("› second");
      model.release();
      await app.until("And ends.");
      app.type("\r");
      await app.until((it) => it.count("The answer begins. And ends.") === 2);
    }
  }
});
