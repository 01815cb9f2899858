import { sessionStoreConformance } from "@orch/testing/conformance";
import { describe } from "vitest";
import { memorySessions } from "./memory-sessions.ts";

describe("memorySessions", () => sessionStoreConformance(() => ({ store: memorySessions() })));
