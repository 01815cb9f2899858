import { textOf } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import { type Link, linksOf } from "../transcript/links.ts";
import type { Command, Desk } from "./command.ts";

/** Links that are listed, the newest ones. */
const MAX_LINKS = 100;

/** `/links` */
export function linksCommand(desk: Desk): Command {
  return {
    name: "links",
    usage: "/links",
    description: "list the links of the conversation, in full",
    when: "always",
    run: async () => {
      const links = allLinks((await desk.whole())?.turns ?? []);
      if (links.length === 0) {
        desk.print(noticeEntry(safe`There are no links in this conversation yet.`));
        return;
      }
      const earlier = links.length - MAX_LINKS;
      desk.print((style) => {
        const { styles } = style.theme;
        const lines = links.slice(-MAX_LINKS).flatMap(({ address, text }, at): readonly Line[] => {
          const number = span(safe`${Math.max(0, earlier) + at + 1} `, styles.code);
          const says = text === address ? [] : [{ text }, span(safe`: `, styles.dim)];
          return wrapLine([number, ...says, span(address, styles.link)], style.width, style);
        });
        const more: Line = [span(safe`${earlier} earlier ones: /export md has them all`, styles.dim)];
        return earlier > 0 ? [[], more, ...lines] : [[], ...lines];
      });
    },
  };
}

/** What was written and what was cited, each address once. */
function allLinks(turns: readonly TurnRecord[]): readonly Link[] {
  const found = new Map<string, Link>();
  const messages = turns.filter(({ status }) => status !== "dropped").flatMap((turn) => turn.messages);
  for (const message of messages) {
    if (message.role !== "user" && message.role !== "assistant") continue;
    const cited = message.content.flatMap((part) =>
      part.type !== "text"
        ? []
        : (part.citations ?? []).flatMap(({ url, title = url }) =>
            url === undefined ? [] : [{ address: safeText(url), text: safeText(title ?? url) }],
          ),
    );
    for (const link of [...linksOf(textOf(message)), ...cited])
      if (!found.has(link.address)) found.set(link.address, link);
  }
  return [...found.values()];
}
