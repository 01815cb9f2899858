import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { childEnvironment } from "../../../../scripts/child-environment.ts";
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

  it.skipIf(!isThere("fish")).each([
    ["ch", ["check"]],
    ["config ", ["explain", "trust"]],
    ["config explain ", []],
    ["-p --out", ["--output"]],
    ["--output s", ["stream-json"]],
    ["--cwd ", ["inner/"]],
    ["--model ", []],
    ["completion z", ["zsh"]],
  ])("answers a real fish: %j", async (typed, expected) => {
    const folder = await mkdtemp(join(tmpdir(), "orch-fish-"));
    await mkdir(join(folder, "inner"));
    const program = `${completionScript("fish")}complete -C ${JSON.stringify(`orch ${typed}`)}`;
    const options = { encoding: "utf8", cwd: folder, env: childEnvironment({ HOME: folder }) } as const;
    const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", program], options);
    await rm(folder, { recursive: true, force: true });
    const words = stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
    expect({ words: words.filter((word) => expected.length > 0 || word !== "inner/"), stderr }).toEqual({
      words: expected,
      stderr: "",
    });
  });
});

function isThere(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}
