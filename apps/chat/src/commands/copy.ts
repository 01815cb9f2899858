import { keptAnswers } from "../sessions/kept-answers.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import { fencedCode } from "../transcript/fenced-code.ts";
import type { Command, Desk } from "./command.ts";

/** `/copy [n | code [n]]` */
export function copyCommand(desk: Desk): Command {
  return {
    name: "copy",
    usage: "/copy [n | code [n]]",
    description: "copy the last answer, the n-th from the end, or a block of code",
    when: "always",
    values: () => [{ value: "code", description: "the last block of code" }],
    run: async (argument) => {
      const wish = /^(code)? ?([1-9]\d{0,5})?$/.exec(argument);
      if (wish === null) {
        desk.print(
          noticeEntry(safe`/copy, /copy 2 (the answer before), /copy code, /copy code 2`, "warning"),
        );
        return;
      }
      const back = Number(wish[2] ?? 1);
      const answers = keptAnswers((await desk.whole())?.turns ?? []);
      const all = wish[1] === undefined ? answers : answers.flatMap(fencedCode);
      const what = wish[1] === undefined ? safe`answer` : safe`block of code`;
      desk.print(copied(desk, all.at(-back), what, all.length));
    },
  };
}

function copied(desk: Desk, source: string | undefined, what: SafeText, count: number) {
  if (source === undefined) {
    const there =
      count === 0 ? safe`no ${what} yet` : count === 1 ? safe`1 ${what}` : safe`${count} ${what}s`;
    return noticeEntry(safe`There is nothing to copy there: ${there}.`, "warning");
  }
  const text = safeText(source);
  const { taken, note } = desk.copy(text);
  if (!taken) return noticeEntry(safe`${note}. /export md writes a file.`, "warning");
  return noticeEntry(safe`Copied: ${firstOf(text)} (${text.length} characters). ${note}.`, "done");
}

/** The beginning, to know it by. */
function firstOf(text: SafeText): SafeText {
  const line = text.trimStart().split("\n")[0]!;
  return safeText(line.length > 40 ? `${line.slice(0, 40).trimEnd()}…` : line);
}
