import { storeConformance } from "@orch/testing/conformance";
import { describe } from "vitest";
import { budget } from "../../../../scripts/lanes.ts";
import { memoryStore } from "./memory-store.ts";

describe("memoryStore", () => {
  storeConformance(() => ({ store: memoryStore() }), { sequences: budget("memorySequences") });
});
