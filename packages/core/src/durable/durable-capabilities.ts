import type { Capabilities } from "../run/host.ts";

/** What a host can do that keeps runs in a store. */
export const durableCapabilities: Capabilities = {
  circuit: true,
  items: true,
  keeps: true,
  failover: "resume",
  decisions: "recalled",
  once: "at once",
  liveOutput: true,
  steps: "here",
};
