import { storeConformance } from "@orch/testing/conformance";
import { describe } from "vitest";
import { memoryStore } from "./memory-store.ts";

describe("memoryStore", () => {
  storeConformance(() => ({ store: memoryStore() }), { sequences: 1000 });
});
