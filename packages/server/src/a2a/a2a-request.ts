import type { Random } from "@orch/core";
import type { JsonObject } from "../reply/json-object.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicOrchestration } from "../words/public-run.ts";

/** A request to an agent. */
export interface A2aRequest {
  readonly call: DoorCall;
  /** The orchestration that is spoken to. */
  readonly agent: PublicOrchestration;
  /** Puts a result into what its binding sends. */
  readonly frame: (result: object) => object;
  readonly params: JsonObject;
  readonly random: Random;
}
