/** The code in a text, as it was written: what `/copy code` takes out. */
import { closesFence, expandIndent, type FenceStart, fenceStart, indentOf } from "./block-lines.ts";

/** The fences of a markdown text, in order, each without its first and last line. */
export function fencedCode(text: string): readonly string[] {
  const found: string[] = [];
  let open: { readonly fence: FenceStart; readonly strip: number; readonly lines: string[] } | undefined;
  for (const raw of text.split("\n")) {
    const line = expandIndent(raw);
    const inner = line.trimStart();
    if (open === undefined) {
      const fence = fenceStart(inner);
      if (fence !== undefined) open = { fence, strip: indentOf(line), lines: [] };
    } else if (closesFence(inner, open.fence)) {
      found.push(open.lines.join("\n"));
      open = undefined;
    } else {
      // The tabs of the source stay, unless a part of them belongs to the list around.
      const strip = Math.min(open.strip, indentOf(line));
      open.lines.push(strip > 0 ? line.slice(strip) : raw);
    }
  }
  if (open !== undefined) found.push(open.lines.join("\n"));
  return found;
}
