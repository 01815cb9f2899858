import { type SafeText, safeText } from "../terminal/safe-text.ts";
import type { Role } from "../terminal/theme.ts";
import type { CodeSpan } from "./highlighter.ts";

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["keyword", "keyword"],
  ["literal", "number"],
  ["number", "number"],
  ["symbol", "number"],
  ["string", "string"],
  ["regexp", "string"],
  ["char", "string"],
  ["comment", "comment"],
  ["doctag", "comment"],
  ["quote", "comment"],
  ["meta", "comment"],
  ["type", "type"],
  ["class", "type"],
  ["built_in", "type"],
  ["title", "function"],
  ["section", "function"],
  ["name", "function"],
  ["attr", "type"],
  ["attribute", "type"],
  ["tag", "keyword"],
  ["selector-tag", "keyword"],
  ["addition", "added"],
  ["deletion", "removed"],
]);

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#x27;", "'"],
]);

/**
 * Reads the markup that highlight.js writes: spans with a class, and five entities. Its code was
 * escaped by it, so that every `<` begins a tag of its own.
 */
export function parseMarkup(markup: string): CodeSpan[] {
  const spans: CodeSpan[] = [];
  const open: (Role | undefined)[] = [];
  let at = 0;
  while (at < markup.length) {
    const found = markup.indexOf("<", at);
    const end = found < 0 ? markup.length : found;
    if (end > at) spans.push(codeSpan(unescapeMarkup(markup.slice(at, end)), open.at(-1)));
    if (found < 0) break;
    const close = markup.indexOf(">", end) + 1;
    const tag = markup.slice(end, close);
    if (tag === "</span>") open.pop();
    else open.push(roleOf(tag) ?? open.at(-1));
    at = close;
  }
  return spans;
}

function codeSpan(text: SafeText, role: Role | undefined): CodeSpan {
  return role === undefined ? { text } : { text, role };
}

/** From `<span class="hljs-title function_">`. */
function roleOf(tag: string): Role | undefined {
  const from = tag.indexOf("hljs-");
  if (from < 0) return undefined;
  const name = tag.slice(from + "hljs-".length, tag.lastIndexOf('"'));
  const space = name.indexOf(" ");
  return ROLES.get(space < 0 ? name : name.slice(0, space));
}

function unescapeMarkup(text: string): SafeText {
  if (!text.includes("&")) return safeText(text);
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = text.indexOf("&", at);
    if (found < 0) return safeText(plain + text.slice(at));
    const end = text.indexOf(";", found) + 1;
    plain += text.slice(at, found) + (ENTITIES.get(text.slice(found, end)) ?? text.slice(found, end));
    at = Math.max(end, found + 1);
  }
  return safeText(plain);
}
