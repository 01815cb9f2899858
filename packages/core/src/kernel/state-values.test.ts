import { expect, it } from "vitest";
import type { Activation } from "./activation.ts";
import { StateValues } from "./state-values.ts";

const writer = { parent: undefined } as Activation;
const rule = {
  start: [],
  reduce: (all: readonly number[], more: readonly number[]) => [...all, ...more],
};

it("gives its writes as they came until one of its values was made a list of", () => {
  const values = new StateValues();
  const writes = [
    { state: "log", key: "items", kind: "add", value: [1] },
    { state: "log", key: "name", kind: "set", value: "a" },
  ] as const;
  values.take(writer, writes);
  expect(values.kept()?.flatMap((one) => one.writes)).toEqual(writes);

  expect(values.view("log", "items", rule as never, [])).toEqual([1]);
  expect(values.kept()).toBeUndefined();
});
