import { all, each, OrchestrationAdvancer, orchestration, runnable } from "@orch/core";
import { describe, expect, it } from "vitest";
import { edgeCoverage } from "../index.ts";

const plan = runnable("plan", (topic: string) => topic.split(" "));
const search = runnable("search", (word: string) => {
  if (word === "bad") throw new RangeError("no such word");
  return word.length;
});
const skip = runnable("skip", () => 0);
const lookUp = orchestration("lookUp", (o) =>
  o
    .start(search)
    .catch(search, skip, { convert: () => undefined })
    .advance(search, search, { when: (size) => size > 5, label: "shorter", convert: () => "word" })
    .finish(search, skip),
);
const searchAll = each("searchAll", lookUp);
const gather = all("gather", { words: searchAll, again: searchAll });
const report = runnable("report", () => "done");
const apology = runnable("apology", () => "sorry");
class Next extends OrchestrationAdvancer<unknown, unknown> {
  override readonly targets = [report, apology];
  override convertOutput(output: unknown): unknown {
    return output;
  }
}
const research = orchestration("research", (o) =>
  o
    .start(plan)
    .advance(plan, apology, { when: (words) => words.length > 9 })
    .advance(plan, gather)
    .advanceBy(gather, new Next())
    .finish(report, apology),
);

describe("edgeCoverage", () => {
  it("says which advancers no run took, also in what is nested", async () => {
    const coverage = edgeCoverage(research);
    const off = research.on("*", coverage.hear);
    expect(coverage.missing()).toHaveLength(6);
    await research.run("a bad word");
    await research.run("some longest words");
    off();

    expect(coverage.text()).toBe(
      [
        '4 of 6 advancers of "research" were taken',
        "  never: research: plan -> apology",
        "  never: research: gather -> apology (Next)",
      ].join("\n"),
    );
    expect(coverage.missing()).toMatchObject([
      { orchestration: "research", from: "plan", to: "apology", kind: "advance", taken: 0 },
      { orchestration: "research", from: "gather", to: "apology", kind: "advance", label: "Next", taken: 0 },
    ]);
    expect(coverage.edges().filter(({ orchestration: id }) => id === "lookUp")).toMatchObject([
      { from: "search", to: "search", label: "shorter", taken: 2 },
      { from: "search", to: "skip", kind: "catch", taken: 2 },
    ]);
  });

  it("tells two advancers of one pair of states apart", async () => {
    const a = runnable("a", (n: number) => n);
    const b = runnable("b", (n: number) => n);
    const flow = orchestration("flow", (o) =>
      o
        .start(a)
        .advance(a, b, { when: (n) => n > 1 })
        .advance(a, b, { when: (n) => n < 1 })
        .finish(a, b),
    );
    const coverage = edgeCoverage(flow);
    flow.on("state.transition", coverage.hear);
    await flow.run(0);

    expect(coverage.edges().map(({ taken }) => taken)).toEqual([0, 1]);
  });

  it("is not disturbed by events of other orchestrations", async () => {
    const coverage = edgeCoverage(lookUp);
    const off = research.on("*", coverage.hear);
    await research.run("a longest word");
    off();

    expect(coverage.text()).toContain("0 of 2");
  });
});
