import { all, orchestration, runnable } from "@orch/core";
import { expect, it } from "vitest";
import { changedStates } from "./changed-states.ts";

const step = (id: string) => runnable(id, (text: string) => text);

it("says which states are gone, new or another kind, inside others too", () => {
  const [first, old, one] = [step("first"), step("old"), step("one")];
  const inner = orchestration<string, string>("inner", (o) => o.start(old).finish(old));
  const before = orchestration("flow", (o) =>
    o.start(first).advance(first, inner).advance(inner, one).finish(one),
  );
  const [fresh, many] = [step("fresh"), all("one", { left: step("l"), right: step("r") })];
  const changed = orchestration<string, string>("inner", (o) => o.start(fresh).finish(fresh));
  const now = orchestration("flow", (o) =>
    o.start(first).advance(first, changed).advance(changed, many).finish(many),
  );
  expect(changedStates(before.graph, now.graph)).toEqual({
    gone: ["inner/old"],
    added: ["inner/fresh", "one[left]", "one[right]"],
    altered: ["one"],
  });
  expect(changedStates(now.graph, now.graph)).toEqual({ gone: [], added: [], altered: [] });
});
