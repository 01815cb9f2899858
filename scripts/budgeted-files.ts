/**
 * Prints the test files that do more in a lane with larger budgets: those that ask for `budget`, `shareOf` or `thorough` of `lanes.ts`, by themselves or by
 * what they share with other tests, and those of which lane `test` runs a part (`sampled-files.ts`). The program of tests of the chat is a
 * process of its own only in such a lane.
 *
 *     node scripts/budgeted-files.ts
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { sampledFiles } from "./sampled-files.ts";

const root = join(import.meta.dirname, "..");

const MORE = /import \{[^}]*\b(budget|shareOf|thorough)\b[^}]*\} from ".*\/lanes\.ts"/;
const BESIDE = /from "(\.\.?\/[^"]+\.tsx?)"/g;

const known = new Map<string, boolean>();

/** Whether a file asks for a budget, or one that it imports. What is tested asks for none. */
function asksForMore(file: string): boolean {
  const before = known.get(file);
  if (before !== undefined) return before;
  known.set(file, false);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const imported = [...text.matchAll(BESIDE)].map(([, path]) => resolve(dirname(file), path!));
  const asks = MORE.test(text) || imported.some((path) => !path.includes("/src/") && asksForMore(path));
  known.set(file, asks);
  return asks;
}

/** The files with a budget, as paths from the root. */
export function budgetedFiles(): readonly string[] {
  const found = globSync(
    ["{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}", "{scripts,examples,bench}/{*,*/*}.test.ts"],
    { cwd: root },
  );
  return found.filter((file) => file in sampledFiles || asksForMore(join(root, file))).toSorted();
}

if (import.meta.main) console.log(budgetedFiles().join("\n"));
