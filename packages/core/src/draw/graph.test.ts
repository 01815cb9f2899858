import { expect, it } from "vitest";
import { z } from "zod";
import { structureHash } from "../durable/structure-hash.ts";
import {
  all,
  choose,
  each,
  type Graph,
  orchestration,
  question,
  type Runnable,
  race,
  runnable,
  sleep,
} from "../index.ts";

const search = runnable("search", (query: string) => query);
const nested = orchestration("nested", (o) => o.start(search).finish(search));

it("tells what is inside every kind of state, to any depth", () => {
  const quick = race("quick", { x: nested, y: search }, { first: 2 });
  const both = all("both", { a: search, b: quick }, { when: { a: () => true } });
  const { graph } = orchestration("flow", (o) => o.start(both).finish(both));
  expect(graph.nodes).toEqual([
    {
      id: "both",
      kind: "all",
      start: true,
      finish: true,
      branches: [
        { key: "a", id: "search", kind: "runnable", conditional: true },
        {
          key: "b",
          id: "quick",
          kind: "race",
          conditional: false,
          first: 2,
          branches: [
            { key: "x", id: "nested", kind: "orchestration", conditional: false, graph: nested.graph },
            { key: "y", id: "search", kind: "runnable", conditional: false },
          ],
        },
      ],
    },
  ]);
});

interface Change {
  readonly settled?: true;
  readonly first?: 2;
  readonly key?: string;
  readonly rerun?: number;
  readonly label?: string;
  readonly converts?: true;
  readonly conditional?: true;
  readonly waits?: true;
  readonly swapped?: true;
}

function flow(change: Change): Graph {
  const first = runnable({
    id: "first",
    invoke: (text: string) => text,
    ...(change.rerun === undefined ? {} : { rerun: { attempts: change.rerun } }),
  });
  const branches = { [change.key ?? "a"]: search, b: nested };
  const quick = change.first === 2 ? race("quick", branches, { first: 2 }) : race("quick", branches);
  const inside = { quick: quick as Runnable<string, unknown> };
  const gather: Runnable<string, object> =
    change.settled === true ? all("gather", inside, { settled: true }) : all("gather", inside);
  const last = change.waits === true ? sleep<string>("last", 5) : runnable("last", (text: string) => text);
  const named = change.label === undefined ? {} : { label: change.label };
  const advancer =
    change.converts === true
      ? { when: () => true, convert: (text: string) => text, ...named }
      : { when: () => true, convert: undefined as never, ...named };
  const always = { when: () => true };
  return orchestration("flow", (o) => {
    const begun = o.start(first);
    const ways =
      change.swapped === true
        ? begun.advance(first, gather, always).advance(first, last, advancer)
        : begun.advance(first, last, advancer).advance(first, gather, always);
    if (change.conditional === true) return ways.finish(first, gather, last);
    return ways.advance(first, gather).finish(gather, last);
  }).graph;
}

it.each<[string, Change]>([
  ["failures that are results", { settled: true }],
  ["how many results end a race", { first: 2 }],
  ["a branch's key", { key: "z" }],
  ["a rerun", { rerun: 2 }],
  ["a label", { label: "l" }],
  ["a conversion", { converts: true }],
  ["a condition", { conditional: true }],
  ["a kind", { waits: true }],
  ["the order in which advancers are asked", { swapped: true }],
])("carries %s, so that the structural hash tells it", (_what, change) => {
  expect(structureHash(flow(change))).not.toBe(structureHash(flow({})));
  expect(structureHash(flow(change))).toBe(structureHash(flow(change)));
});

it("is plain data, whatever is in it", () => {
  const asks = question("asks", { ask: (text: string) => text, answer: z.string() });
  const picks = choose("picks", (text: string) => (text === "" ? search : nested));
  const many = each("many", search, { maxVisits: 3 });
  const { graph } = orchestration("plain", (o) =>
    o
      .start(picks)
      .advance(picks, asks)
      .advance(asks, many, { convert: (text) => [text] })
      .finish(many),
  );
  expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
  expect(graph.nodes.map(({ kind }) => kind)).toEqual(["choose", "question", "each"]);
});
