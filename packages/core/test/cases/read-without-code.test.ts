/** Random orchestrations, whose kept runs are read without their code as with it. */
import { manualClock } from "@orch/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { budget, figure } from "../../../../scripts/lanes.ts";
import { DurableHost, memoryStore } from "../../src/host.ts";
import { orchestration } from "../../src/index.ts";
import { randomFlows } from "../random-flows.ts";
import { type Asked, build } from "../reference-builder.ts";
import { timeOf } from "../reference-interpreter.ts";

it("a run of a random orchestration is read without its code as with it, at every moment and over a restart", async () => {
  let looks = 0;
  let events = 0;
  await fc.assert(
    fc.asyncProperty(randomFlows, fc.nat(20), fc.nat(12), async (flow, input, restartAt) => {
      const clock = manualClock(0);
      const only = build(flow, "flow", clock);
      const root = orchestration("root", (o) => o.start(only).finish(only));
      const store = memoryStore();
      const at = () => new DurableHost(store, { clock });
      const reader = at();
      let run = root.start(input, { host: at(), runId: "r" });
      await run.accepted;
      for (let step = 0; step < 40; step++) {
        if (step === restartAt) {
          await run.suspend();
          run = await at().resume(root, "r");
        }
        for (const { id, prompt } of run.questions) {
          const asked = prompt as Asked;
          await clock.advance(timeOf(asked.takes, asked.input));
          await run.answer(id, (asked.input * 5) % 97).catch(() => {});
        }
        looks += 1;
        expect(await reader.run("r").describe()).toEqual(await at().run("r", root).describe());
        if (run.status !== "running" && run.status !== "waiting") break;
        if (!(await clock.runNext()) && clock.pending() === 0) break;
      }
      await run.cancel();
      const told = [];
      for await (const event of reader.run("r").events()) told.push(event);
      events += told.length;
      expect(told).toEqual(await at().events(root, "r"));
    }),
    { numRuns: budget("durableInterleavings") },
  );
  figure(
    `${looks} looks at runs of random orchestrations, and ${events} events, were the same without the code`,
  );
});
