import { performOperation } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { type HostProcess, type HostUnderTest, hostConformance } from "@orch/testing/conformance";
import { describe } from "vitest";
import { ArrayHost, type ArrayHostOptions } from "./array-host.ts";

/** A place of arrays. A process that crashes adds no more lines to them. */
function arraysUnderTest(perform?: ArrayHostOptions["perform"]): HostUnderTest {
  const clock = manualClock();
  const arrays = new Map<string, string[]>();
  const options = { arrays, clock, ...(perform === undefined ? {} : { perform }) };
  return {
    clock,
    capabilities: new ArrayHost(options).capabilities,
    begin: (crash): HostProcess => {
      let added = 0;
      let hasCrashed = false;
      const append = (lines: string[], line: string): void => {
        added += 1;
        const isCrash = added === crash?.at;
        if (!hasCrashed && (!isCrash || crash?.kept === true)) lines.push(line);
        hasCrashed ||= isCrash;
        if (hasCrashed) throw new Error("the process has ended");
      };
      const host = new ArrayHost({ ...options, append });
      return {
        host,
        hasCrashed: () => hasCrashed,
        resume: async (flow, runId) => host.resume(flow, runId),
        events: async (flow, runId) => (arrays.has(runId) ? host.history(flow, runId) : undefined),
      };
    },
  };
}

describe("a host on an array", () => {
  hostConformance(() => arraysUnderTest(), { crashes: 2 });
});

describe("a host on an array whose attempts are performed elsewhere", () => {
  hostConformance(
    () =>
      arraysUnderTest(async (operation, flow) => {
        const outcome = await performOperation(flow, JSON.parse(JSON.stringify(operation)));
        return JSON.parse(JSON.stringify(outcome));
      }),
    { crashes: 2 },
  );
});
