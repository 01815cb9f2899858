import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { span } from "../terminal/styled.ts";
import { truncateLine } from "../terminal/width.ts";
import { type Entry, noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

const NOTHING = noticeEntry(safe`Nothing waits.`);

/** `/queue [edit n | drop n | drop all]` */
export function queueCommand(desk: Pick<Desk, "queue" | "requeue" | "print">): Command {
  return {
    name: "queue",
    usage: "/queue [edit n | drop n | drop all]",
    description: "what waits for its turn: see it, change it, take it out",
    when: "always",
    values: () =>
      desk.queue.flatMap((text, at) => [
        { value: `edit ${at + 1}`, description: text },
        { value: `drop ${at + 1}`, description: text },
      ]),
    run: (argument) => {
      const { queue, requeue, print } = desk;
      if (queue.length === 0) return print(NOTHING);
      if (argument === "") return print(queueEntry(queue));
      const [, act, number] = /^(edit|drop)\s+(\d+|all)$/.exec(argument) ?? [];
      if (act === "drop" && number === "all") {
        requeue([]);
        return print(noticeEntry(safe`Nothing waits any more.`, "done"));
      }
      const at = Number(number) - 1;
      const text = queue[at];
      if (act === undefined || text === undefined) {
        const items = queue.length === 1 ? safe`1 waits` : safeText(`1 to ${queue.length} wait`);
        return print(
          noticeEntry(
            safe`There is no item ${visibleText(argument)}: ${items}. /queue drop 1 takes the first out.`,
            "warning",
          ),
        );
      }
      const rest = queue.filter((_, index) => index !== at);
      requeue(rest, act === "edit" ? text : undefined);
      const done = act === "edit" ? safe`In the input, and out of the queue` : safe`Dropped`;
      return print(noticeEntry(safe`${done}: ${visibleText(text.slice(0, 60))}`, "done"));
    },
  };
}

function queueEntry(queue: readonly string[]): Entry {
  return ({ width, theme }) => [
    ...queue.map((text, at) =>
      truncateLine(
        [span(safeText(`${at + 1}. `), theme.styles.dim), span(safeText(text.replaceAll("\n", " ")))],
        width,
      ),
    ),
    truncateLine(
      [span(safe`/queue edit n puts one into the input, /queue drop n takes it out.`, theme.styles.dim)],
      width,
    ),
  ];
}
