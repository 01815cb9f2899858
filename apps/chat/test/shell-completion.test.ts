/** Completion in a real zsh, on a pseudo-terminal. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { completionScript } from "../src/config/completion.ts";
import { sandbox } from "./support/sandbox.ts";

const hasZsh = spawnSync("zsh", ["--version"]).status === 0;

test.skipIf(!hasZsh)(
  "T19: answers a real zsh that reads the script, without a word of complaint",
  async () => {
    await using box = await sandbox("", { "orch.zsh": completionScript("zsh"), "inner/file.json": "{}" });
    await using shell = box.start(["-f"], { program: "zsh", env: { PS1: "> " } });
    await shell.until(">");
    shell.type("autoload -Uz compinit; compinit -u; source ./orch.zsh; echo rea''dy\r");
    await shell.until(/^ready$/m);
    // Where there is one answer, Tab writes it and a space.
    for (const [typed, whole] of [
      ["orch ch\t", "orch check "],
      ["orch --outp\t", "orch --output"],
      ["orch --cwd in\t", "orch --cwd inner/"],
      ["orch completion z\t", "orch completion zsh "],
      ["orch config e\tx", "orch config explain x"],
      ["orch run --input inner/f\t", "orch run --input inner/file.json "],
    ] as const) {
      shell.type(typed);
      await shell.until(`> ${whole.trimEnd()}`);
      shell.type("\u0015");
    }
    shell.type("orch run\t\t");
    await shell.until(/runs +-- lists the runs/);
    shell.type("\u0015");
    expect(shell.scrollback()).not.toContain("_arguments:");
  },
);
