import { KEY_SHEET } from "../input/keymap.ts";
import type { Command, Desk } from "./command.ts";
import { pairLines } from "./pair-lines.ts";

/** `/keys`, and a question mark in an empty input */
export function keysCommand(desk: Pick<Desk, "print">): Command {
  return {
    name: "keys",
    usage: "/keys",
    description: "the keys alone, as ? in an empty input shows them",
    when: "always",
    run: () => desk.print((style) => [[], ...pairLines(KEY_SHEET, style)]),
  };
}
