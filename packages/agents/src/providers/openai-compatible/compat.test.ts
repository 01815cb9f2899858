import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Compat, compatOf, type Preset } from "./compat.ts";

const page = readFileSync(new URL("../../../../../docs/providers.md", import.meta.url), "utf8");
const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
const [, , ...presets] = rows.find(([, first]) => first === "flag")!.slice(0, -1) as [
  string,
  string,
  ...Preset[],
];

/** A value as the table writes it. */
function shown(value: Compat[keyof Compat]): string {
  if (typeof value === "boolean") return value ? "yes" : "–";
  return value === null ? "–" : `\`${value}\``;
}

test("the table of the documentation has every flag of every preset as it is", () => {
  for (const flag of Object.keys(compatOf("generic")) as (keyof Compat)[]) {
    const row = rows.find(([, first]) => first === `\`${flag}\``);
    expect(row?.slice(2, -1), flag).toEqual(presets.map((preset) => shown(compatOf(preset)[flag])));
  }
  expect(presets).toHaveLength(9);
});

test("single habits correct a preset", () => {
  const own = compatOf("mistral", { callIds: "wide" });
  expect(own).toEqual({ ...compatOf("mistral"), callIds: "wide" });
});
