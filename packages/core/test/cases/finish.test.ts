import { orchestration, runnable } from "@orch/core";
import { orchestration as smallOrchestration } from "@orch/core/small";
import { describe, expect, it } from "vitest";

const a = runnable("a", (x: string) => x);

interface Loose {
  readonly start: (first: unknown) => Loose;
  readonly finish: (last: unknown) => Loose;
}

describe("E27: types and runtime accept the same definitions", () => {
  it.each([
    ["a definition without finish", (o: Loose) => o.start(a), "no finish"],
    [
      "an arrow with braces and no return",
      (o: Loose) => {
        o.start(a).finish(a);
      },
      "does not return its draft: return what .finish(...) gave",
    ],
    ["an asynchronous one", async (o: Loose) => o.start(a).finish(a), "does not return its draft"],
  ])("E27: refuses %s", (_, define, says) => {
    for (const make of [orchestration, smallOrchestration]) {
      expect(() => make("f", define as never)).toThrow(says);
    }
  });

  it("E27: takes what is added after finish, in either order", async () => {
    const b = runnable("b", (x: string) => `${x}!`);
    const flow = orchestration("f", (o) => o.start(a).finish(b).advance(a, b));

    expect(await flow.run("x")).toBe("x!");
  });
});
