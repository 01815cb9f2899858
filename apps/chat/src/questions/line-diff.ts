/** Which lines two texts share, for edits of files that a person is asked about. */

/** A line of an edit. */
export interface DiffLine {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Comparisons at most; beyond, the whole of both texts is shown. */
const MAX_WORK = 1_000_000;

/** The lines of `before` and `after`: kept, removed or added. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const old = before === "" ? [] : before.split("\n");
  const now = after === "" ? [] : after.split("\n");
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail++;
  const middle = changed(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return [...kept(old.slice(0, head)), ...middle, ...kept(old.slice(old.length - tail))];
}

function kept(lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ mark: " ", text }));
}

/** By the longest common subsequence. */
function changed(old: readonly string[], now: readonly string[]): DiffLine[] {
  const removed = old.map((text): DiffLine => ({ mark: "-", text }));
  const added = now.map((text): DiffLine => ({ mark: "+", text }));
  if (old.length === 0 || now.length === 0 || old.length * now.length > MAX_WORK)
    return [...removed, ...added];
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === now[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ mark: " ", text: old[i++]! });
      j++;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) lines.push(removed[i++]!);
    else lines.push(added[j++]!);
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}
