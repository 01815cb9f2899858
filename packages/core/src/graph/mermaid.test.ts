import { expect, it } from "vitest";
import { all, each, orchestration, runnable } from "../index.ts";

it("draws states, fan-outs, nesting, conditions, failures, start and finish", () => {
  const plan = runnable("plan", (topic: string) => [topic]);
  const search = runnable("search", (query: string) => query);
  const searchAll = each("searchAll", search);
  const check = orchestration("check", (o) => o.start(search).finish(search));
  const sides = all("sides", { long: search, check }, { when: { check: () => true } });
  const flow = orchestration("draw", (o) =>
    o
      .start(plan)
      .advance(plan, searchAll, { when: (queries) => queries.length > 0, label: 'has "queries"' })
      .advance(plan, sides, { convert: (queries) => queries.join() })
      .advance(searchAll, sides, { convert: (found) => found.join() })
      .catch(searchAll, plan, { convert: () => "again" })
      .finish(sides),
  );

  expect(flow.toMermaid()).toBe(`flowchart TD
  start((start))
  finish((finish))
  s0["plan"]
  s1[["searchAll: each search"]]
  s2[["sides: long + check"]]
  start --> s0
  s0 -.->|"has &quot;queries&quot; ?"| s1
  s0 --> s2
  s1 --> s2
  s1 -.->|"on failure"| s0
  s2 --> finish
`);
  expect(flow.graph.nodes[2]?.branches).toEqual([
    { key: "long", id: "search", conditional: false },
    { key: "check", id: "check", conditional: true, graph: check.graph },
  ]);
});
