import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { InboxNumbers } from "./inbox-numbers.ts";

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "orch-inbox-"));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const numbers = (folder = "/here"): InboxNumbers => new InboxNumbers(state, folder);
const given = async (names: readonly string[]): Promise<object> =>
  Object.fromEntries(await numbers().of(names));

it("a question keeps its number in every list, and a closed one leaves its number to no other", async () => {
  expect(await given([])).toEqual({});
  expect(await given(["a", "b"])).toEqual({ a: 1, b: 2 });
  expect(await given(["b", "c"])).toEqual({ b: 2, c: 3 });
  expect(await given([])).toEqual({});
  expect(await given(["d"])).toEqual({ d: 4 });
  expect(await numbers().nameOf("1")).toBe("a");
  expect(await numbers().nameOf("9")).toBeUndefined();
  // Another folder has numbers of its own.
  expect(await numbers("/there").nameOf("1")).toBeUndefined();
  expect(Object.fromEntries(await numbers("/there").of(["d"]))).toEqual({ d: 1 });
  expect(await given(["d"])).toEqual({ d: 4 });
});

it("begins anew after many, and gives no number of an open question", async () => {
  const many = Array.from({ length: 98 }, (_, at) => `q${at + 1}`);
  await given(many);
  expect(await given(["q98", "x", "y"])).toEqual({ q98: 98, x: 99, y: 1 });
  expect(Object.keys(await given([...many, "z"]))).toHaveLength(99);
  expect(new Set(Object.values(await given([...many, "z", "q", "r"]))).size).toBe(101);
});

it("numbers nothing where it cannot read or write, and lists go on without", async () => {
  await writeFile(join(state, "inbox.json"), "{ no json");
  expect(await given(["a"])).toEqual({ a: 1 });
  expect(JSON.parse(await readFile(join(state, "inbox.json"), "utf8"))).toEqual({
    v: 1,
    folders: { "/here": { 1: "a" } },
  });
  await writeFile(join(state, "file"), "");
  expect(await new InboxNumbers(join(state, "file"), "/here").of(["a"])).toEqual(new Map());
});
