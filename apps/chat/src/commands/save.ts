import { basename } from "node:path";
import type { FilePart } from "@orch/agents";
import type { Session } from "@orch/chat-runtime";
import { failureWords } from "../errors/failure-words.ts";
import { writeNewFile } from "../sessions/new-file.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/save [number] [file]` */
export function saveCommand(desk: Desk): Command {
  return {
    name: "save",
    usage: "/save [number] [file]",
    description: "write a file that a model made to this folder, or list them",
    when: "always",
    run: async (argument) => {
      const files = filesOf(await desk.whole());
      const [, number = "", name = ""] = /^(\d*)\s*(.*)$/s.exec(argument.trim()) ?? [];
      const part = files[Number(number) - 1];
      if (part !== undefined) return desk.print(noticeEntry(...(await saved(desk, part, name))));
      if (files.length === 0) return desk.print(noticeEntry(safe`No model has made a file here.`));
      for (const [at, one] of files.entries()) desk.print(noticeEntry(safe`${at + 1}. ${about(one)}`));
    },
  };
}

/** The files that models made in a conversation, in order. */
function filesOf(session: Session | undefined): readonly FilePart[] {
  const turns = session?.turns.filter(({ status }) => status !== "dropped") ?? [];
  const messages = turns.flatMap((turn) => turn.messages);
  return messages.flatMap(({ role, content }) =>
    role === "assistant" ? content.filter((part) => part.type === "file") : [],
  );
}

function about({ mediaType, name, url, stored }: FilePart): SafeText {
  const where = url ?? (stored === undefined ? "" : `kept at ${stored.provider} as ${stored.id}`);
  return safeText([name ?? "a file", mediaType, where].filter((word) => word !== "").join(", "));
}

type Said = readonly [SafeText, "done" | "warning" | "failed"];

async function saved(desk: Desk, part: FilePart, wished: string): Promise<Said> {
  if (part.data === undefined && part.stored === undefined)
    return [safe`It is not here, but at ${visibleText(part.url ?? "no address")}.`, "warning"];
  try {
    const { data, name: told } =
      part.data === undefined
        ? await desk.fetchFile(part)
        : { data: Buffer.from(part.data, "base64"), name: "" };
    // A name from a model leads to no other folder, and is no hidden file.
    const given = basename(part.name ?? told).replace(/^\.+/, "");
    const name = wished || given || `file.${/^[a-z]+\/([a-z]+)/.exec(part.mediaType)?.[1] ?? "bin"}`;
    const end = await writeNewFile(desk.folder, name, data);
    if (end === "written") return [safe`The file is in ${visibleText(name)}`, "done"];
    const why = {
      exists: "is there already",
      outside: "is not inside this folder",
      "no-folder": "has no folder",
    };
    return [
      safe`${visibleText(name)} ${safeText(why[end])}, so nothing was written. /save <number> <name>`,
      "warning",
    ];
  } catch (error) {
    const { says, fix = "" } = failureWords(error);
    return [safeText(`${says} ${fix}`.trim()), "failed"];
  }
}
