import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { EMPTY_LINE, noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

type TrustDesk = Pick<Desk, "print" | "ask" | "codeTrust" | "codeChanged">;

/** `/trust` */
export function trustCommand(desk: TrustDesk): Command {
  return {
    name: "trust",
    usage: "/trust",
    description: "let your own orchestrations run as you edit them, until the chat ends",
    when: "idle",
    run: async () => {
      const files = await desk.codeTrust.files();
      if (files.length === 0) {
        desk.print(noticeEntry(safe`No orchestration of your own is configured here. orch init writes one.`));
        return;
      }
      desk.print(EMPTY_LINE);
      for (const { orchestration, file, says } of files)
        desk.print(
          noticeEntry(safe`${safeText(orchestration)}: ${visibleText(file)}   ${safeText(says)}`, "plain"),
        );
      const said = await desk.ask({
        text: safe`Let this code run as you, now and as it is edited until the chat ends? y or n`,
      });
      if (!/^y(es)?$/i.test(said ?? "")) {
        desk.print(noticeEntry(safe`Nothing was trusted.`, "skipped"));
        return;
      }
      await desk.codeTrust.grant();
      desk.print(noticeEntry(safe`Trusted, as it is now and as you edit it until the chat ends.`, "done"));
      await desk.codeChanged();
    },
  };
}
