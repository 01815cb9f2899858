/** When a server that failed is tried again by itself. */
import { isOrchError } from "@orch/core";

/** How long it is waited for each further try, in milliseconds. After the last one a person has to ask for it. */
const DELAYS: readonly number[] = [5_000, 15_000, 45_000, 120_000, 300_000];

/** How often a server is tried in all. */
export const MOST_TRIES = DELAYS.length + 1;

/** Milliseconds until the next try after so many that failed; `undefined` where none follows: what is refused stays refused. */
export function nextTry(error: unknown, failures: number): number | undefined {
  return mayPass(error) ? DELAYS[failures - 1] : undefined;
}

function mayPass(error: unknown): boolean {
  if (!isOrchError(error, "ORCH_MCP_SERVER")) return false;
  const { reason, status } = error.facts;
  if (reason === "refused") return status === undefined || status === 429 || status >= 500;
  return reason !== "login" && reason !== "closed";
}
