import { COUNT, checkNumbers, DELAY } from "@orch/core/doors";
import type { ServerLimits } from "../words/door.ts";

/** The limits of a server, with their defaults. @throws OptionError. */
export function serverLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  const { body = 1_048_576, running = 100, streams = 100, waiting = 65_536, keepAlive = 15_000 } = given;
  checkNumbers(COUNT, { body, running, streams, waiting });
  checkNumbers(DELAY, { keepAlive });
  return { body, running, streams, waiting, keepAlive };
}
