/**
 * The difference of two lists of lines, like a patch: `-` is missing now, `+` is new, and two lines of what is the same stand around.
 * The longest common subsequence is kept.
 */
export function diffLines(before: readonly string[], now: readonly string[]): readonly string[] {
  const lines: { readonly mark: " " | "-" | "+"; readonly text: string }[] = [];
  const lengths = common(before, now);
  let [at, to] = [0, 0];
  while (at < before.length || to < now.length) {
    if (at < before.length && to < now.length && before[at] === now[to]) {
      lines.push({ mark: " ", text: before[at]! });
      at++;
      to++;
    } else if (at < before.length && (to >= now.length || lengths[at + 1]![to]! >= lengths[at]![to + 1]!)) {
      lines.push({ mark: "-", text: before[at++]! });
    } else {
      lines.push({ mark: "+", text: now[to++]! });
    }
  }
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - 2), index + 3).some(({ mark }) => mark !== " ");
  return lines.flatMap(({ mark, text }, index) => (near(index) ? [`${mark} ${text}`] : []));
}

/** For each pair of places, how long the longest common rest is. */
function common(before: readonly string[], now: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let at = before.length - 1; at >= 0; at--) {
    for (let to = now.length - 1; to >= 0; to--) {
      lengths[at]![to] =
        before[at] === now[to]
          ? lengths[at + 1]![to + 1]! + 1
          : Math.max(lengths[at + 1]![to]!, lengths[at]![to + 1]!);
    }
  }
  return lengths;
}
