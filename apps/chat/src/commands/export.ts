import { EXPORT_FORMATS, type ExportFormat, exportText, isExportFormat } from "../sessions/export-text.ts";
import { type NewFile, writeNewFile } from "../sessions/new-file.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/export [md|html|jsonl|json] [file]` */
export function exportCommand(desk: Desk): Command {
  return {
    name: "export",
    usage: "/export [md|html|jsonl|json] [file]",
    description: "write the conversation to a file of this folder",
    when: "always",
    values: () => Object.entries(EXPORT_FORMATS).map(([value, description]) => ({ value, description })),
    run: async (argument) => {
      const session = await desk.whole();
      if (session === undefined || session.turns.length === 0) {
        desk.print(noticeEntry(safe`There is nothing to export yet.`, "warning"));
        return;
      }
      if (isNoFormat(argument)) {
        desk.print(noticeEntry(noFormatText(visibleText(argument)), "warning"));
        return;
      }
      const { format, name } = wishOf(argument, session.id);
      const end = await writeNewFile(desk.folder, name, exportText(session, format));
      desk.print(noticeEntry(sentenceOf(end, visibleText(name)), end === "written" ? "done" : "warning"));
    },
  };
}

/** Whether it is one word that reads like a format, and is none. */
function isNoFormat(argument: string): boolean {
  return argument !== "" && !/[\s./\\]/.test(argument) && !isExportFormat(argument);
}

function noFormatText(word: SafeText): SafeText {
  const formats = safeText(Object.keys(EXPORT_FORMATS).join(", "));
  return safe`There is no format ${word}: there is ${formats}. /export md ${word} writes a file of that name.`;
}

/** The format is said, or is that of the name. */
function wishOf(argument: string, id: string): { readonly format: ExportFormat; readonly name: string } {
  const [first = "", ...rest] = argument.split(" ");
  const said = isExportFormat(first) ? first : undefined;
  const file = said === undefined ? argument : rest.join(" ").trim();
  const end = file.slice(file.lastIndexOf(".") + 1);
  const format = said ?? (isExportFormat(end) ? end : "md");
  return { format, name: file === "" ? `${id}.${format}` : file };
}

function sentenceOf(end: NewFile, name: SafeText): SafeText {
  switch (end) {
    case "written":
      return safe`The conversation is in ${name}`;
    case "exists":
      return safe`${name} is there already, so nothing was written. /export md <another name>`;
    case "outside":
      return safe`${name} is not inside this folder, so nothing was written.`;
    case "no-folder":
      return safe`There is no folder for ${name}, so nothing was written.`;
  }
}
