/** The links in a text. */
import type { Token, Tokens } from "marked";
import { type SafeText, safeText } from "../terminal/safe-text.ts";
import { BlockSplitter } from "./block-splitter.ts";
import { readMarkdown } from "./markdown.ts";

/** Where a link leads, and what it says. */
export interface Link {
  readonly address: SafeText;
  readonly text: SafeText;
}

/** The links of a markdown text in order, each address once. What stands in code is no link. */
export function linksOf(text: string): readonly Link[] {
  const found = new Map<string, Link>();
  const splitter = new BlockSplitter();
  // Block by block, as it is drawn: reading is not linear in the length of a text.
  for (const block of [...splitter.push(safeText(text)), ...splitter.end()]) {
    if (block.kind === "fence") continue;
    for (const { href, text: says } of linksIn(readMarkdown(block.source) ?? [])) {
      const address = safeText(href);
      if (address !== "" && !found.has(address))
        found.set(address, { address, text: safeText(says.replaceAll("\n", " ")) });
    }
  }
  return [...found.values()];
}

function* linksIn(tokens: readonly Token[]): Generator<Tokens.Link | Tokens.Image> {
  for (const token of tokens as readonly Tokens.Generic[]) {
    if (token.type === "link" || token.type === "image") yield token as Tokens.Link;
    const cells = (token["header"] ?? []).concat(...(token["rows"] ?? []));
    for (const part of [token, ...(token["items"] ?? []), ...cells])
      if (part.tokens !== undefined) yield* linksIn(part.tokens);
  }
}
