import type { ListedRun, RunQuery } from "@orch/core/host";
import type { ServedHost } from "./driven-runs.ts";

/** How many runs are read at once, and how often, before a page is given as it is. */
const PAGE = { size: 200, most: 100 };

/** The newest runs that `belongs` lets through, at most `limit`. */
export async function listedFor(
  host: ServedHost,
  query: RunQuery,
  limit: number,
  belongs: (run: ListedRun) => boolean,
): Promise<readonly ListedRun[]> {
  const found: ListedRun[] = [];
  let { after } = query;
  for (let page = 0; page < PAGE.most; page++) {
    const runs = await host.list({ ...query, limit: PAGE.size, ...(after !== undefined && { after }) });
    for (const run of runs) {
      if (belongs(run)) found.push(run);
      if (found.length === limit) return found;
    }
    after = runs.at(-1)?.runId;
    if (runs.length < PAGE.size) break;
  }
  return found;
}
