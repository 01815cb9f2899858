/**
 * Prints the test files that do more in a lane with larger budgets: those that ask for `budget`, `shareOf` or `thorough` of `lanes.ts`, those of the chat
 * whose program is a process of its own only there, those of the server's doors, whose common suite has budgets, and those of which lane `test`
 * runs a part (`sampled-files.ts`).
 *
 *     node scripts/budgeted-files.ts
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sampledFiles } from "./sampled-files.ts";

const root = join(import.meta.dirname, "..");

const MORE =
  /import \{[^}]*\b(budget|shareOf|thorough)\b[^}]*\} from ".*\/lanes\.ts"|from "\.\/(?:support\/sandbox|headless-orch)\.ts"|from "(?:\.\.?\/)+door-suite\.ts"/;

/** The files with a budget, as paths from the root. */
export function budgetedFiles(): readonly string[] {
  const found = globSync(
    ["{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}", "{scripts,examples,bench}/{*,*/*}.test.ts"],
    { cwd: root },
  );
  return found
    .filter((file) => file in sampledFiles || MORE.test(readFileSync(join(root, file), "utf8")))
    .toSorted();
}

if (import.meta.main) console.log(budgetedFiles().join("\n"));
