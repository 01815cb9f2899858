import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMANDS, OPTIONS } from "./command-line.ts";
import { completionScript, SHELLS } from "./completion.ts";

describe("completion", () => {
  it.each(SHELLS)("knows every command and option: %s", (shell) => {
    const script = completionScript(shell);
    const words = COMMANDS.flatMap(({ word, actions = [] }) =>
      word === undefined ? [] : [word, ...actions],
    );
    for (const word of [...words, ...Object.keys(OPTIONS)])
      expect(script).toMatch(new RegExp(`\\b${word}\\b`));
  });

  it.each([
    [["ch"], "check"],
    [["config", ""], "explain trust"],
    [["-p", "--out"], "--output"],
    [["--output", "s"], "stream-json"],
    [["completion", "z"], "zsh"],
  ])("answers a real bash: %j", (typed, expected) => {
    const line = ["orch", ...typed].map((word) => `"${word}"`).join(" ");
    const program = `${completionScript("bash")}COMP_WORDS=(${line}); COMP_CWORD=${typed.length}; _orch; echo "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: expected, stderr: "" });
  });
});
