import { manualClock } from "@orch/testing";
import type { HostProcess, HostUnderTest } from "@orch/testing/conformance";
import { ArrayHost, type ArrayHostOptions } from "./array-host.ts";

/** A place of arrays. A process that crashes adds no more lines to them. */
export function arraysUnderTest(more: Pick<ArrayHostOptions, "perform" | "open"> = {}): HostUnderTest {
  const clock = manualClock();
  const arrays = new Map<string, string[]>();
  const options = { arrays, clock, ...more };
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
