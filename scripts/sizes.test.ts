import { expect, it } from "vitest";
import { lane } from "./lanes.ts";
import { sizeBreaches } from "./sizes.ts";

const lines = (count: number): string => "  work();\n".repeat(count);
const keysOf = (text: string) => sizeBreaches([{ path: "a.ts", text }]).map(({ key }) => key);

// `.ci/run` has this as a check of its own.
it.skipIf(lane === "test")("holds for every source (node scripts/sizes.ts says where)", () => {
  expect(sizeBreaches()).toEqual([]);
});

it("accepts a file of 300 lines and refuses one of 301", () => {
  expect(keysOf(lines(300))).toEqual([]);
  expect(keysOf(lines(301))).toEqual(["a.ts is over 300 lines"]);
});

it.each([
  ["function long() {", "}", "long"],
  ["const long = () => {", "};", "long"],
  ["class A { #long(): void {", "} }", "long"],
  ["const object = { long() {", "} };", "long"],
  ["describe(() => {", "});", "the module"],
])("accepts 60 lines of %s and refuses 61", (head, tail, name) => {
  expect(keysOf(`${head}\n${lines(58)}${tail}`)).toEqual([]);
  expect(keysOf(`${head}\n${lines(59)}${tail}`)).toEqual([`a.ts: ${name} is over 60 lines`]);
});
