import type { DoorCall } from "../words/door.ts";
import type { McpCaller } from "./offered-prompt.ts";

/** Who calls, as the application's own functions are told. */
export function callerOf({ principal, signal }: Pick<DoorCall, "principal" | "signal">): McpCaller {
  return { signal, ...(principal && { principal }) };
}
