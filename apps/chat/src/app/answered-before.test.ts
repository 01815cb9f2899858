import { expect, test } from "vitest";
import { answeredBefore } from "./answered-before.ts";

const present = { orchestration: "research", model: "local/extractive" };
const orchestrations = [{ name: "research" }, { name: "mine" }];
const turn = (orchestration: string, model: string) => ({
  configuration: "x",
  labels: { orchestration, model },
});
const nothing = { orchestration: false, model: false };

test.each([
  ["both", turn("mine", "a/b"), nothing, { orchestration: "mine", model: "a/b" }],
  ["not what was named for this start", turn("mine", "a/b"), { orchestration: true, model: true }, undefined],
  [
    "the other one",
    turn("mine", "a/b"),
    { orchestration: false, model: true },
    { ...present, orchestration: "mine" },
  ],
  ["no orchestration that is gone", turn("gone", "a/b"), nothing, { ...present, model: "a/b" }],
  ["nothing where it is the same", turn("research", "local/extractive"), nothing, undefined],
  [
    "what an older version kept",
    { configuration: "mine" },
    nothing,
    { orchestration: "mine", model: present.model },
  ],
])("a conversation goes on with %s", (_, last, named, expected) => {
  expect(answeredBefore(last, present, { named, orchestrations })).toEqual(expected);
});
