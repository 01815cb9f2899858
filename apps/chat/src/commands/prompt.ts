import type { ServerPrompt } from "../sessions/server-prompts.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/prompt` */
export function promptCommand(desk: Desk): Command {
  return {
    name: "prompt",
    usage: "/prompt [server/name] [field=text]",
    description: "put a prompt of an MCP server into the input, or list them",
    when: "always",
    run: async (argument) => {
      const [id, fields] = wordsOf(argument);
      const text = id === undefined ? undefined : await desk.serverPrompts.fill(id, fields);
      if (text !== undefined) return desk.edit(text);
      const prompts = await desk.serverPrompts.list();
      if (id !== undefined) desk.print(noticeEntry(safe`There is no prompt ${safeText(id)}.`, "failed"));
      if (prompts.length === 0) return desk.print(noticeEntry(safe`No server has a prompt ready.`));
      desk.print((style) =>
        prompts.flatMap((one) => wrapLine(lineOf(one, style.theme.styles), style.width, style)),
      );
    },
  };
}

function lineOf({ id, description, fields }: ServerPrompt, styles: Theme["styles"]): Line {
  const about: SafeText = safe`${safeText(fields.map((field) => ` ${field}=`).join(""))}  ${safeText(description)}`;
  return [span(safeText(id), styles.code), span(about, styles.dim)];
}

/** The first word, and the `field=text` after it: a text goes on until the next word with a `=`. */
function wordsOf(argument: string): readonly [string | undefined, { readonly [name: string]: string }] {
  const [id, ...words] = argument.trim().split(/\s+/);
  const fields = new Map<string, string>();
  let field = "";
  for (const word of words) {
    const begun = /^([\w-]+)=(.*)$/s.exec(word);
    if (begun !== null) {
      field = begun[1]!;
      fields.set(field, begun[2]!);
    } else if (field !== "") fields.set(field, `${fields.get(field)} ${word}`);
  }
  return [id === "" ? undefined : id, Object.fromEntries(fields)];
}
