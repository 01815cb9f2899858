import { DurableHost, memoryStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { sampleFlows } from "../sample-flows.ts";
import { type Driven, kept, live } from "../told-and-kept.ts";

const LEVELS = ["step", "group", "end"] as const;
const NAMES = Object.keys(sampleFlows(manualClock()));

describe.each(LEVELS)("the recorded run at level %s", (durability) => {
  describe.each(NAMES)("of %s", (name) => {
    const place = () => {
      const clock = manualClock();
      const store = memoryStore();
      const host = () => new DurableHost(store, { clock, durability });
      const driven: Driven = { flow: sampleFlows(clock)[name]!, clock, told: [] };
      return { host, driven };
    };

    it("tells what the live run told", async () => {
      const { host, driven } = place();
      const run = driven.flow.start(3, { host: host(), runId: "r" });
      const recorded = await live(driven, host, run);

      expect(recorded).toEqual(kept(driven.told));
      expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, index) => index + 1));
    });

    it.each([1, 2])("tells what was told by processes of %i steps each", async (steps) => {
      const { host, driven } = place();
      const run = driven.flow.start(3, { host: host(), runId: "r" });
      const recorded = await live(driven, host, run, steps);

      expect(recorded).toEqual(kept(driven.told));
      expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, index) => index + 1));
    });
  });
});
