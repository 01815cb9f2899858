/** How the question of trust looks: what it would grant in full, the keys, and the files themselves. */
import type { TrustSubject } from "../config/trust.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { joinLines, type Line, paint, type StyledText, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines, truncate, widthOf, wrapLine } from "../terminal/width.ts";
import { type TrustFacts, trustLines } from "./trust-facts.ts";

/** Lines of a file that are shown; more are counted. */
const MAX_LINES = 5_000;

/** The facts, drawn for a window of `columns`. Nothing is cut, and hidden characters are named. */
export function trustPanel(facts: TrustFacts, theme: Theme, columns: number): StyledText {
  const width = Math.max(8, Math.min(columns - 1, 120));
  const title: Line = [
    span(safe`${theme.glyphs.waiting} `, theme.styles.waiting),
    span(safe`This folder asks for your trust`, theme.styles.heading),
  ];
  const lines = trustLines(facts, "you trust it").flatMap((text) => {
    const inner = text.startsWith("  ") ? 4 : 2;
    const rows = wrapLine([{ text: visibleText(text.trimStart()) }], Math.max(1, width - inner), {
      soft: true,
    });
    const [first, rest] = inner === 4 ? [safe`  `, safe`    `] : [safe``, safe``];
    return indentLines(rows, [{ text: first }], [{ text: rest }]);
  });
  return joinLines([title, ...lines].map((line) => paint(line, theme.colours)));
}

/** The keys, on one row. */
export function trustHint(theme: Theme, columns: number): SafeText {
  const dot = safe` ${theme.glyphs.separator} `;
  const long = safe`y trust this folder${dot}n not now${dot}v view the files`;
  const short = safe`y trust${dot}n not now${dot}v view`;
  return truncate(widthOf(long) < columns ? long : short, Math.max(1, columns - 1));
}

/** The same for a terminal that can only append. */
export const PLAIN_HINT: SafeText = safe`Type y to trust this folder, n for not now or v to view the files, then Enter:`;

/** The text of what is asked about, with its lines numbered. Keys in it are left out. */
export function trustedText(
  { name, content }: TrustSubject,
  theme: Theme,
  hide: (text: string) => string,
): StyledText {
  const all = hide(content)
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  const digits = String(Math.min(all.length, MAX_LINES)).length;
  const title: Line = [span(visibleText(name), theme.styles.strong)];
  const lines = all.slice(0, MAX_LINES).map((text, at): Line => {
    const number = safeText(String(at + 1).padStart(digits));
    // A tab is kept, because code has them; every other hidden character is named.
    return [span(safe`${number} `, theme.styles.dim), { text: visibleText(text, { multiline: true }) }];
  });
  const left = all.length - MAX_LINES;
  const more: Line[] = left > 0 ? [[span(safe`${left} more lines`, theme.styles.dim)]] : [];
  return joinLines([title, ...lines, ...more].map((line) => paint(line, theme.colours)));
}
