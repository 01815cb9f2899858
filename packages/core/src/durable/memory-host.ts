import { DurableHost } from "./durable-host.ts";
import type { DurableHostOptions } from "./durable-host-options.ts";
import { memoryStore } from "./memory-store.ts";

/**
 * Makes a durable host whose runs live in this process's memory: they can be suspended, resumed,
 * forked and retried, and end with the process. For tests, and to try out what a database would keep.
 *
 * @example
 * ```ts
 * const host = memoryHost();
 * const run = flow.start(input, { host, runId: "r1" });
 * ```
 */
export function memoryHost(options: DurableHostOptions = {}): DurableHost {
  return new DurableHost(memoryStore(), options);
}
