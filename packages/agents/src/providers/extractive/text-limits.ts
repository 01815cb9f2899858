/** Keeps a text within what the request allows. */
import { cutText } from "../../platform/cut-text.ts";
import type { ModelRequest } from "../../words/model.ts";

/** Characters that are counted as one token. */
const TOKEN = 4;

/** Cuts a text before a stop sequence, and at a word when it has more tokens than allowed. */
export function withinLimits(
  text: string,
  request: ModelRequest,
): { readonly text: string; readonly cut: boolean } {
  let end = text.length;
  for (const stop of request.stop ?? []) {
    const at = stop === "" ? -1 : text.indexOf(stop);
    if (at !== -1) end = Math.min(end, at);
  }
  const most = (request.maxOutputTokens ?? Number.POSITIVE_INFINITY) * TOKEN;
  if (end <= most) return { text: text.slice(0, end), cut: false };
  const space = text.lastIndexOf(" ", most);
  return { text: cutText(text, space > 0 ? space : most), cut: true };
}
