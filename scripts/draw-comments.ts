/**
 * Draws comments of the sources by a seed, with the code they belong to, for somebody who did not write them: does the
 * comment help, or does it stop a newcomer?
 *
 *     node scripts/draw-comments.ts [--seed 1] [--count 60]
 */
import { parseArgs } from "node:util";
import { type SourceFile, sourceFiles } from "./source-files.ts";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "60" } },
});
const seed = Number(values.seed);

/** A comment, where it stands, and what follows it. */
interface Comment {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly code: string;
}

const all = sourceFiles().flatMap(commentsOf);
console.log(`seed ${seed}: ${values.count} of ${all.length} comments`);
for (const { path, line, text, code } of draw(all, Number(values.count), seed)) {
  console.log(`\n${path}:${line}\n  ${text.replaceAll("\n", "\n  ")}\n    > ${code}`);
}

/** The comments of a file; line comments under one another are one. */
function commentsOf({ path, text }: SourceFile): Comment[] {
  const lines = text.split("\n");
  const found: Comment[] = [];
  for (let at = 0; at < lines.length; at++) {
    const start = lines[at]!.trim();
    const isBlock = start.startsWith("/*");
    if (!isBlock && !start.startsWith("//")) continue;
    const from = at;
    while (isBlock ? !lines[at]!.includes("*/") : lines[at + 1]?.trim().startsWith("//")) at++;
    const comment = lines.slice(from, at + 1).map((line) => line.trim());
    found.push({ path, line: from + 1, text: comment.join("\n"), code: lines[at + 1]?.trim() ?? "" });
  }
  return found;
}

/** `count` of them, in the order in which they stand; the same for the same seed. */
function draw<TItem>(items: readonly TItem[], count: number, from: number): TItem[] {
  let state = from >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const left = items.map((_, index) => index);
  const drawn: number[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return drawn.sort((a, b) => a - b).map((index) => items[index]!);
}
