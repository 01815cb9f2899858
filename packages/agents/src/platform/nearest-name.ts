/** Wrong, beginning differently, longer or shorter: a smaller figure is nearer, and the first that differs decides. */
type Distance = readonly [edits: number, unlike: number, longer: number];

/**
 * Finds the name that was most likely meant: the one of `known` that is fewest edits away from `name`, if it has at
 * most one wrong letter in three. Two letters that changed places count as one edit; case does not count. Of several that
 * are as near, the one that begins most like it, then the one that is as long, then the first.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const meant = name.toLowerCase();
  const most = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let least: Distance = [most + 1, 0, 0];
  for (const candidate of known) {
    // Each letter more or less is an edit.
    if (Math.abs(candidate.length - name.length) > most) continue;
    const distance = distanceTo(meant, candidate.toLowerCase());
    if (!isLess(distance, least)) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

function distanceTo(meant: string, candidate: string): Distance {
  let same = 0;
  while (same < meant.length && meant[same] === candidate[same]) same++;
  return [editsBetween(meant, candidate), meant.length - same, Math.abs(candidate.length - meant.length)];
}

function isLess(a: Distance, b: Distance): boolean {
  const at = a.findIndex((figure, index) => figure !== b[index]);
  return at !== -1 && a[at]! < b[at]!;
}

/** How many letters must be added, dropped, replaced or swapped with their neighbour (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(current[column - 1]! + 1, last[column]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, beforeLast[column - 2]! + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
