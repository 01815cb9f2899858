/** Placeholder. */
import type { Results } from "./results.ts";

/** The page. */
export function pageOf(results: Results): string {
  return JSON.stringify(results);
}
