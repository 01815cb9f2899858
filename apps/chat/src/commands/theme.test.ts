import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import type { Entry } from "../transcript/entry.ts";
import { configCommand } from "./config.ts";
import type { DeskLook } from "./desk-look.ts";
import { themeCommand } from "./theme.ts";

function screen() {
  const rows: string[] = [];
  const print = (entry: Entry): void => {
    rows.push(...entry({ width: 60, theme: createTheme() }).map(plainText));
  };
  return { rows, print };
}

test("/theme lists the themes, takes one of them, and says which it is not", async () => {
  const { rows, print } = screen();
  const chosen: string[] = [];
  const look: DeskLook = {
    appends: false,
    theme: createTheme(),
    chosen: "auto",
    choose: async (name) => void chosen.push(name),
    isVim: false,
    chooseVim: async () => {},
  };
  const command = themeCommand({ print, look });
  await command.run("");
  expect(rows.filter((row) => row.startsWith("✓"))).toEqual([expect.stringContaining("auto")]);
  await command.run("mono");
  await command.run("monochrome");
  await command.run("\u001b]0;x\u0007");
  expect(chosen).toEqual(["mono"]);
  expect(rows.join("\n")).toContain("● The theme is mono from now on.");
  expect(rows.join("\n")).toContain("Did you mean mono?");
  expect(rows.join("\n")).not.toContain("\u001b");
});

test("/config explain says what the command line says, cleaned, and what it cannot explain", async () => {
  const { rows, print } = screen();
  const settings = {
    explain: (key: string | undefined) =>
      `${key ?? "all"} = "\u001b]0;x\u0007"   (a file)\n  over 1   (defaults)`,
    names: () => ["model"],
  };
  const command = configCommand({ print, settings });
  await command.run("explain model");
  await command.run("set model");
  expect(command.values?.().map(({ value }) => value)).toEqual(["explain", "explain model"]);
  expect(rows[1]).toMatch(/^model = .*\(a file\)$/);
  expect(rows[2]).toBe("  over 1   (defaults)");
  expect(rows[3]).toContain("/config explain <setting>");
  expect(rows.join("")).not.toContain("\u001b");
});
