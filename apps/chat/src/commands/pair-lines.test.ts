import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import { pairLines } from "./pair-lines.ts";

const MEANING = "what is said of it in so many words that no row of a narrow window has room for all of them";
const ROWS = [
  ["/short", MEANING],
  ["/a-longer [name]", "little"],
] as const;

test.each([100, 80, 60, 40])("cuts no meaning, at %i columns", (width) => {
  const lines = pairLines(ROWS, { width, theme: createTheme({ env: {}, tty: true }) }).map(plainText);
  expect(lines.map(widthOf).filter((cells) => cells > width)).toEqual([]);
  expect(lines.join(" ").replaceAll(/ +/g, " ").trim()).toBe(`/short ${MEANING} /a-longer [name] little`);
});
