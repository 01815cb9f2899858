import { branchCaption } from "./captions.ts";
import type { Arrow, Box, Level } from "./picture.ts";

/** A language of diagrams, as far as it has words of its own. */
export interface Dialect {
  readonly box: (box: Box) => string;
  /** The line that marks a finishing state. */
  readonly finish: (name: string) => string;
  /** A way into a level or out of it; `branch` is what stands on one that leads to a branch. */
  readonly way: (from: string, to: string, branch?: string) => string;
  readonly arrow: (arrow: Arrow) => string;
  /** A frame around a box and what is inside of it. */
  readonly frame: (box: Box, inside: readonly string[]) => readonly string[];
}

/** The lines of a level: its boxes with all that is inside them, and the ways between them, from `before` to `after`. */
export function diagramOf(
  level: Level,
  before: string,
  after: string | undefined,
  dialect: Dialect,
): string[] {
  const lines = level.boxes.flatMap((box) => linesOf(box, after, dialect));
  for (const box of level.boxes) {
    if (level.kind !== "machine") lines.push(dialect.way(before, box.name, branchCaption(box)));
    else if (box.start) lines.push(dialect.way(before, box.name));
  }
  lines.push(...level.arrows.map(dialect.arrow));
  for (const box of level.boxes) {
    if (box.finish && after !== undefined) lines.push(dialect.way(box.name, after));
  }
  return lines;
}

function linesOf(box: Box, after: string | undefined, dialect: Dialect): readonly string[] {
  const own = dialect.box(box);
  const { name, level } = box;
  if (level === undefined) return [own];
  // A branch that ends its orchestration leads to where that ends.
  if (level.kind !== "machine") return dialect.frame(box, [own, ...diagramOf(level, name, after, dialect)]);
  const end = level.boxes.some((inner) => inner.finish) ? `${name}_end` : undefined;
  const finish = end === undefined ? [] : [dialect.finish(end)];
  return dialect.frame(box, [own, ...finish, ...diagramOf(level, name, end, dialect)]);
}

/** Lines that stand inside of others. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
