import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const WORDS = ["run", "runs", "init", "sessions", "serve", "Doctor", "answer", "attach"];

test.each([
  ["runz", "runs"],
  ["rus", "run"],
  ["rnu", "run"],
  ["rans", "runs"],
  ["SERVR", "serve"],
  ["doctro", "Doctor"],
  ["sesions", "sessions"],
  ["anser", "answer"],
  ["atach", "attach"],
  ["runs", "runs"],
  ["deploy", undefined],
  ["", undefined],
  ["x".repeat(1_000_000), undefined],
])("%.9s means %s", (name, meant) => {
  expect(nearestName(name, WORDS)).toBe(meant);
});

test("of several as near, the one counts that begins alike, then the one as long, then the first", () => {
  expect(nearestName("cat", ["bat", "car"])).toBe("car");
  expect(nearestName("runz", ["run", "runzes", "runs"])).toBe("runs");
  expect(nearestName("cat", ["car", "can"])).toBe("car");
  expect(nearestName("cat", [])).toBeUndefined();
});
