/** Finds the files that count for a query by `git grep`, which reads 100,000 files within a second. */
import type { FindFiles } from "@orch/agents/files";

/** Runs git in the folder; `undefined` where it fails. */
export type GitReader = (args: readonly string[]) => Promise<string | undefined>;

/** Words that are looked for at once. */
const MAX_WORDS = 12;
/** Hits that are counted for each file. */
const PER_FILE = 8;

/** A way to find files, in a repository of git and out of one; `undefined` where there is no git. */
export function findByGit(git: GitReader | undefined): FindFiles | undefined {
  if (git === undefined) return undefined;
  return async (words) => {
    const asked = words.filter((word) => word.length > 1).slice(0, MAX_WORDS);
    if (asked.length === 0) return [];
    const how = ["-I", "-i", "-o", "-F", "-z", `--max-count=${PER_FILE}`];
    const patterns = asked.flatMap((word) => ["-e", word]);
    // Git fails where nothing was found, and out of a repository.
    const told =
      (await git(["grep", "--untracked", ...how, ...patterns, "--", "."])) ??
      (await git(["grep", "--no-index", "--exclude-standard", ...how, ...patterns, "--", "."]));
    return told === undefined ? undefined : ranked(told);
  };
}

/** Files by the words that they hold: a word that few files hold counts most. Each line is a path, a zero byte and a hit. */
export function ranked(told: string): readonly string[] {
  const byPath = new Map<string, Set<string>>();
  const holders = new Map<string, number>();
  for (const line of told.split("\n")) {
    const cut = line.indexOf("\0");
    if (cut < 1) continue;
    const path = line.slice(0, cut);
    const word = line.slice(cut + 1).toLowerCase();
    const held = byPath.get(path) ?? new Set();
    if (held.has(word)) continue;
    byPath.set(path, held.add(word));
    holders.set(word, (holders.get(word) ?? 0) + 1);
  }
  const weightOf = (word: string): number => Math.log(1 + byPath.size / (holders.get(word) ?? 1));
  return [...byPath]
    .map(([path, held]) => ({ path, score: [...held].reduce((sum, word) => sum + weightOf(word), 0) }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}
