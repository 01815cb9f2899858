import { KEY_SHEET, LINE_SHEET } from "../input/keymap.ts";
import type { Line } from "../terminal/styled.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { Command, Desk } from "./command.ts";
import { pairLines } from "./pair-lines.ts";

/** `/keys`, and a question mark in an empty input */
export function keysCommand(desk: Pick<Desk, "print" | "look">): Command {
  return {
    name: "keys",
    usage: "/keys",
    description: "the keys alone, as ? in an empty input shows them",
    when: "always",
    run: () => desk.print((style) => [[], ...keyLines(desk, style)]),
  };
}

/** The keys that there are, with their meanings. */
export function keyLines({ look }: Pick<Desk, "look">, style: MarkdownStyle): readonly Line[] {
  return pairLines(look.appends ? LINE_SHEET : KEY_SHEET, style);
}
