import { durableHostConformance } from "@orch/testing/conformance";
import { describe } from "vitest";
import { budget } from "../../../../scripts/lanes.ts";
import { memoryStore } from "./memory-store.ts";

describe("a durable host on a store in memory", () => {
  for (const durability of ["step", "group", "end"] as const) {
    describe(`that writes at every ${durability}`, () => {
      durableHostConformance(
        () => {
          const store = memoryStore();
          return { store: () => store };
        },
        { durability, crashes: 2, crashEvery: budget("memoryCrashesEvery") },
      );
    });
  }
});
