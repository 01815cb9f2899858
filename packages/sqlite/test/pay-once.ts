/**
 * A process that starts or takes up one run, in which values are made once: `pay-once.ts FILE LEDGER STATES`. The effect of
 * each value is a line in the ledger, and each life of the run begins there with the line `life`. It tells `done` at the end.
 */
import { appendFileSync } from "node:fs";
import { orchestration, runnable } from "@orch/core";
import { sqliteHost } from "../src/index.ts";

/** How many values each state makes. */
const VALUES = 8;

const [file = "", ledger = "", states = "1"] = process.argv.slice(2);
const pay = runnable("pay", async (n: number, ctx) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (let value = 0; value < VALUES; value++) {
    await ctx.once(`value ${value}`, () => {
      appendFileSync(ledger, `${ctx.key} ${value}\n`);
      process.stdout.write("made\n");
      return value;
    });
    // Lets the process be killed between two values too.
    if (value === 3) setImmediate(resolve);
    if (value === 4) await promise;
  }
  return n + 1;
});
const flow = orchestration(
  "paying",
  (o) =>
    o
      .start(pay)
      .advance(pay, pay, { when: (n) => n < Number(states) })
      .finish(pay),
  { maxSteps: Number(states) + 1 },
);

appendFileSync(ledger, "life\n");
const host = sqliteHost(file);
await flow.run(0, { host, runId: "r", ifExists: "resume" });
await host.close();
process.stdout.write("done\n");
