/** The suite of hosts once more, over runs that go on from a snapshot wherever there is one. */
import { openMachine, type RunMachine, restoreMachine } from "@orch/core/host";
import { hostConformance } from "@orch/testing/conformance";
import { describe, expect, it } from "vitest";
import { figure, thorough } from "../../scripts/lanes.ts";
import { arraysUnderTest } from "./arrays-under-test.ts";

/** How many snapshots were made and read. */
let snapshots = 0;

/** Opens a run that goes on from its snapshot after each arrival, and holds what it makes against what all arrivals make. */
const openForgetful: typeof openMachine = (flow, input, options) => {
  const whole = openMachine(flow, input, options);
  let restored: RunMachine | undefined;
  return {
    get end() {
      return whole.end;
    },
    snapshot: () => whole.snapshot(),
    perform: (operation, help) => (restored ?? whole).perform(operation, help),
    check: async (question, answer) => {
      const checked = await (restored ?? whole).check(question, answer);
      // How questions ended is left to the host.
      return checked === "unknown" ? whole.check(question, answer) : checked;
    },
    checkSignal: (signal, value) => (restored ?? whole).checkSignal(signal, value),
    take: (arrival, recalled) => {
      const taken = whole.take(arrival, recalled);
      const { decisions, effects, events } = taken;
      if (restored !== undefined) {
        const again = restored.take(arrival, recalled ?? decisions);
        expect({ effects: again.effects, events: again.events, end: restored.end }).toEqual({
          ...{ effects, events, end: whole.end },
        });
      }
      const text = whole.snapshot();
      const made = text === undefined ? undefined : restoreMachine(flow, text, options);
      if (text !== undefined) {
        snapshots += 1;
        expect(made, `of ${text}`).toBeDefined();
        expect(made!.machine.snapshot()).toBe(text);
      }
      if (made !== undefined) restored = made.machine;
      return taken;
    },
  };
};
describe.skipIf(!thorough)("a host on an array that goes on from snapshots", () => {
  hostConformance(() => arraysUnderTest({ open: openForgetful }), { crashEvery: 5 });

  it("has a snapshot after most arrivals", () => {
    figure(`snapshots from which a run on the driver seam went on: ${snapshots}, each like all arrivals`);
    expect(snapshots).toBeGreaterThan(500);
  });
});
