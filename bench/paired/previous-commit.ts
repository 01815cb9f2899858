/** Which commit a change is compared with. */
import { git, hasCommit } from "./tree.ts";

/** The commit, or why there is none to compare with. */
export type Previous = { readonly commit: string } | { readonly missing: string };

/**
 * The commit before what is checked out:
 *
 * 1. `ORCH_BENCH_OLD`, where it is set;
 * 2. HEAD, where the packages of the working tree differ from it;
 * 3. where HEAD is not on `origin/main` yet, the commit where its branch left it;
 * 4. the parent of HEAD.
 *
 * A shallow clone may lack it. Then nothing is compared with it, and what is printed says how to fetch it.
 */
export function previousCommit(): Previous {
  const wanted = process.env["ORCH_BENCH_OLD"];
  if (wanted !== undefined && wanted !== "") {
    return hasCommit(wanted) ? { commit: wanted } : { missing: `this clone has no commit ${wanted}` };
  }
  try {
    if (git("status", "--porcelain", "--", "packages") !== "") return { commit: "HEAD" };
    const branchedAt = hasCommit("origin/main") ? mergeBase() : undefined;
    if (branchedAt !== undefined && branchedAt !== git("rev-parse", "HEAD")) return { commit: branchedAt };
  } catch (error) {
    return { missing: `git does not answer (${String(error).split("\n")[0]})` };
  }
  if (hasCommit("HEAD~1")) return { commit: "HEAD~1" };
  return {
    missing: "this clone is too shallow to have the commit before HEAD: `git fetch --deepen=1` brings it",
  };
}

/** Where HEAD left `origin/main`; `undefined` where a shallow clone does not show it. */
function mergeBase(): string | undefined {
  try {
    return git("merge-base", "HEAD", "origin/main");
  } catch {
    return undefined;
  }
}
