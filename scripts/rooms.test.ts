import { expect, it } from "vitest";
import { lane } from "./lanes.ts";
import { allRoomBreaches, roomBreaches } from "./rooms.ts";
import { plans } from "./rooms-law.ts";
import { packageFolders } from "./source-files.ts";

const files = (sources: Readonly<Record<string, string>>) =>
  Object.entries(sources).map(([path, text]) => ({ path: `packages/p/src/${path}`, text }));

const breachesOf = (sources: Readonly<Record<string, string>>, plan = {}) =>
  roomBreaches("packages/p", files(sources), ["packages/p/src/index.ts"], plan);

const low = { rooms: { low: [], middle: ["low"], high: ["middle"] } };

// `.ci/run` has this as a check of its own.
it.skipIf(lane === "test")("holds for every package and app (node scripts/rooms.ts says where)", () => {
  expect(allRoomBreaches()).toEqual([]);
});

it("accepts imports that go down, over several rooms too, and doors that see every room", () => {
  const sources = {
    "low/a.ts": "export const a = 1;",
    "middle/b.ts": `export { a } from "../low/a.ts";`,
    "high/c.ts": `import { a } from "../low/a.ts"; import { d } from "./d.ts"; export const c = a + d;`,
    "high/d.ts": "export const d = 1;",
    "index.ts": `export { c } from "./high/c.ts"; export { a } from "./low/a.ts";`,
  };

  expect(breachesOf(sources, low)).toEqual([]);
});

it.each([
  ["a value", `import { b } from "../middle/b.ts";`],
  ["a type", `import type { B } from "../middle/b.ts";`],
  ["what it exports further", `export { b } from "../middle/b.ts";`],
  ["everything", `export * from "../middle/b.ts";`],
  ["a module for its effects", `import "../middle/b.ts";`],
  ["a lazy module", `export const b = (): Promise<unknown> => import("../middle/b.ts");`],
  ["a type inside a type", `export type B = import("../middle/b.ts").B;`],
])("prints the line of an upward import of %s", (_, line) => {
  const sources = { "low/a.ts": `\n${line}`, "middle/b.ts": "", "high/c.ts": "" };

  expect(breachesOf(sources, low)).toEqual([
    {
      key: "packages/p: low imports middle, which is above or beside it",
      at: [`packages/p/src/low/a.ts:2 imports "../middle/b.ts"`],
    },
  ]);
});

it("blames only the upward import, not the downward ones that make a cycle of it", () => {
  const sources = { "low/a.ts": `import "../high/c.ts";`, "high/c.ts": `import "../low/a.ts";` };

  expect(breachesOf(sources, low).map(({ key }) => key)).toEqual([
    "packages/p: low imports high, which is above or beside it",
  ]);
});

it("refuses a cycle of rooms where there is no plan, over several rooms too, with every line of it", () => {
  const sources = {
    "a/deep/one.ts": `import "../../b/two.ts";`,
    "b/two.ts": `import type { T } from "../c/three.ts";`,
    "c/three.ts": `import "../a/deep/one.ts";`,
    "d/four.ts": `import "../a/deep/one.ts";`,
  };

  expect(breachesOf(sources).map(({ key }) => key)).toEqual([
    "packages/p: a imports b, which leads back to it",
    "packages/p: b imports c, which leads back to it",
    "packages/p: c imports a, which leads back to it",
  ]);
});

it("refuses a file in the root that is no door, a room that imports the root, and one that is not planned", () => {
  const sources = { "stray.ts": "", "low/a.ts": `import "../index.ts";`, "index.ts": "", "odd/b.ts": "" };

  expect(breachesOf(sources, low).map(({ key }) => key)).toEqual([
    "packages/p/src/stray.ts stands in the root and is no door",
    "packages/p: the room odd is not in rooms-law.ts",
    "packages/p: low imports src, which is above or beside it",
  ]);
});

it("lets a room that the plan names load doors of its package lazily, and no other way", () => {
  const plan = { ...low, lazyDoors: ["high"] };
  const lazy = `export const door = (): Promise<unknown> => import("../index.ts");`;
  const sources = { "low/a.ts": "", "middle/b.ts": "", "high/c.ts": lazy, "index.ts": "" };

  expect(breachesOf(sources, plan)).toEqual([]);
  expect(breachesOf({ ...sources, "middle/b.ts": lazy }, plan)).toHaveLength(1);
  expect(breachesOf({ ...sources, "high/c.ts": `import "../index.ts";` }, plan)).toHaveLength(1);
});

it("has a plan for every package and app, without a cycle", () => {
  expect(Object.keys(plans).sort()).toEqual(packageFolders());
  for (const [folder, { rooms = {} }] of Object.entries(plans)) {
    const before = new Set<string>();
    for (const [room, below] of Object.entries(rooms)) {
      expect(
        below.filter((one) => !before.has(one)),
        `${folder}: ${room} stands after what it sees`,
      ).toEqual([]);
      before.add(room);
    }
  }
});
