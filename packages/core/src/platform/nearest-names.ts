/** The names of `known` that are fewest edits away from `name`, nearest first; at most `most`. */
export function nearestNames(name: string, known: Iterable<string>, most: number): readonly string[] {
  const ranked = [...new Set(known)].map((one) => ({ one, edits: editsBetween(name, one) }));
  return ranked
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ one }) => one);
}

/** How many characters must be added, dropped or replaced (Levenshtein). */
function editsBetween(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(current[column - 1]! + 1, last[column]! + 1, replaced));
    }
    last = current;
  }
  return last[b.length]!;
}
