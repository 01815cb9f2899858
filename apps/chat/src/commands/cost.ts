import { count, money } from "../rail/figures.ts";
import {
  EARLIER_TURNS,
  type SpendingLedger,
  type SpendingSum,
  STOPPED_CALLS,
} from "../sessions/spending-ledger.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { Command, Desk } from "./command.ts";
import { pairLines } from "./pair-lines.ts";

/** Cells that figures need beside a name. */
const FIGURES = 46;

const PRICES = safe`Prices stand under models in the configuration (docs/providers.md).`;
const ESTIMATED = safe`Some of these tokens are estimated, because a server told none.`;

/** `/cost` */
export function costCommand(desk: Pick<Desk, "print" | "book" | "spending">): Command {
  return {
    name: "cost",
    usage: "/cost",
    description: "tokens and cost, by model and by state",
    when: "always",
    run: () => {
      const {
        book: { session, run },
        spending: { isEstimated },
      } = desk;
      if (session.total.calls === 0) {
        desk.print(noticeEntry(safe`No model was called yet in this conversation.`));
        return;
      }
      desk.print((style) => {
        const first = run.total.calls === 0 ? [] : ledgerLines("The last run", run, style);
        return [
          ...first,
          ...ledgerLines("This conversation", session, style),
          ...(isEstimated ? wrapLine([span(ESTIMATED, style.theme.styles.dim)], style.width, style) : []),
          ...unpricedLines(session, style),
        ];
      });
    },
  };
}

function ledgerLines(title: string, { total, models, states }: SpendingLedger, style: MarkdownStyle): Line[] {
  const rows: (readonly [string, string])[] = [
    [title, figuresOf(total)],
    ...[...models].map(([name, sum]) => [`  ${name}`, figuresOf(sum)] as const),
    // One state says what the model says.
    ...(states.size < 2 ? [] : [...states]).map(
      ([name, sum]) => [`  state ${name}`, figuresOf(sum)] as const,
    ),
  ];
  return [[], ...pairLines(rows, style, FIGURES)];
}

function figuresOf({ input, cached, output, cost, unpriced }: SpendingSum): string {
  const read = cached > 0 ? `${count(input)} in (${count(cached)} cached)` : `${count(input)} in`;
  const paid = unpriced > 0 && cost === 0 ? "cost unknown" : money(cost, unpriced > 0);
  return `${read} · ${count(output)} out · ${paid}`;
}

/** Rows that are no model, so that no price in the configuration helps. */
const NO_MODELS: ReadonlySet<string> = new Set([STOPPED_CALLS, EARLIER_TURNS]);

/** Says of whom the cost is not known, and what can be done about it. */
function unpricedLines({ models, total }: SpendingLedger, style: MarkdownStyle): readonly Line[] {
  if (total.unpriced === 0) return [];
  const names = [...models].filter(([, { unpriced }]) => unpriced > 0).map(([name]) => name);
  const unpriced = names.filter((name) => !NO_MODELS.has(name));
  const text = safe`The cost is not known of: ${safeText(names.join(", "))}.`;
  const whole = unpriced.length === 0 ? text : safe`${text} ${PRICES}`;
  return wrapLine([span(whole, style.theme.styles.dim)], style.width, style);
}
