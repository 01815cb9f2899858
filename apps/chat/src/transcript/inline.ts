/** The inside of a paragraph: marked's inline tokens as styled spans. */
import type { Token, Tokens } from "marked";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { mergeStyles, type Span, type Style, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);

/** Spans of inline tokens, in order. Line feeds of the source become spaces, breaks stay line feeds. */
export function inlineSpans(tokens: readonly Token[], theme: Theme, base?: Style): Span[] {
  const spans: Span[] = [];
  for (const token of tokens) addToken(spans, token as Tokens.Generic, theme, base);
  return spans;
}

function addToken(spans: Span[], token: Tokens.Generic, theme: Theme, base: Style | undefined): void {
  const { styles } = theme;
  const nested = (style: Style): void => {
    spans.push(...inlineSpans(token.tokens ?? [], theme, mergeStyles(base, style)));
  };
  switch (token.type) {
    case "strong":
      nested(styles.strong);
      return;
    case "em":
      nested(styles.emphasis);
      return;
    case "del":
      nested(styles.strike);
      return;
    case "codespan":
      // Without colours the ticks are what tells code from prose.
      spans.push(span(cleaned(theme.colours ? token["text"] : token.raw), mergeStyles(base, styles.code)));
      return;
    case "br":
      spans.push(span(safe`\n`, base));
      return;
    case "link":
      nested(styles.link);
      addAddress(spans, token as Tokens.Link, theme);
      return;
    case "image":
      spans.push(span(safe`[image: ${cleaned(token["text"])}]`, mergeStyles(base, styles.dim)));
      addAddress(spans, token as Tokens.Image, theme);
      return;
    case "escape":
    case "html":
      spans.push(span(cleaned(token["text"]), base));
      return;
    default:
      if (token.tokens !== undefined) nested({});
      else spans.push(span(prose(token["text"] ?? token.raw), base));
  }
}

/**
 * A link tells in full where it goes: its text alone may lie, and what is left out cannot be opened. It is plain text and
 * no link of the terminal (OSC 8), which hides the address again.
 */
function addAddress(spans: Span[], token: Tokens.Link | Tokens.Image, theme: Theme): void {
  const target = cleaned(token.href);
  if (["", token.text, `http://${token.text}`, `mailto:${token.text}`].includes(target)) return;
  spans.push(span(safe` (${target}${trueHost(target)})`, theme.styles.dim));
}

/** The host, where the address looks as if it led to another one: a name before `@`, or letters that look like others. */
function trueHost(target: SafeText): SafeText {
  if (!URL.canParse(target)) return safe``;
  const { protocol, host } = new URL(target);
  const isWeb = (protocol === "http:" || protocol === "https:") && host !== "";
  const isPlain = target.toLowerCase().startsWith(`${protocol}//${host}`);
  return isWeb && !isPlain ? safe`, at ${safeText(host)}` : safe``;
}

/**
 * Cleans again what the lexer gives: it resolves numeric references like `&#27;`, and so can make a
 * control character that was not in the source.
 */
function cleaned(text: unknown): SafeText {
  return safeText(typeof text === "string" ? text : "");
}

function prose(text: unknown): SafeText {
  const whole = cleaned(text).replaceAll("\n", " ");
  if (!whole.includes("&")) return whole as SafeText;
  return safeText(whole.replace(/&([a-z]{2,4});/gu, (all, name: string) => ENTITIES.get(name) ?? all));
}
