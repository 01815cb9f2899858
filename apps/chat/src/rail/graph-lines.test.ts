import { all, each, type OrchestrationEvent, orchestration, runnable } from "@orch/core";
import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import { type GraphMark, graphLines } from "./graph-lines.ts";
import { placesNow } from "./rail-places.ts";
import { railStart } from "./rail-start.ts";
import { railAdvance } from "./rail-state.ts";

const theme = createTheme();
const node = (id: string, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  kind: "runnable",
  start: false,
  finish: false,
  ...more,
});
const edge = (from: string, to: string, label?: string): GraphEdge => ({
  from,
  to,
  kind: "advance",
  ...(label !== undefined && { label }),
  place: 0,
  conditional: label !== undefined,
  converts: false,
});
const research: Graph = {
  id: "research",
  nodes: [node("plan", { start: true }), node("search"), node("report"), node("review", { finish: true })],
  edges: [
    edge("plan", "search"),
    edge("search", "report"),
    edge("report", "review", "good"),
    edge("report", "search", "more"),
  ],
};
const draw = (graph: Graph, width = 100, marks?: ReadonlyMap<string, GraphMark>): string[] =>
  graphLines(graph, { width, theme, ...(marks && { marks }) }).map(plainText);

describe("a graph", () => {
  test("is drawn in layers, with its marks, and its way back under it", () => {
    const marks = new Map<string, GraphMark>([
      ["plan", "done"],
      ["search", "running"],
    ]);
    expect(draw(research, 100, marks)).toMatchInlineSnapshot(`
      [
        " ● plan ──┬──▶ ◐ search ───▶ ○ report ──┬─── good ▶ ○ review ◎",
        "          └──────────── more ───────────┘",
      ]
    `);
  });

  test("draws states of one layer under each other, and a failure's way", () => {
    const graph: Graph = {
      id: "g",
      nodes: [
        node("route", { start: true }),
        node("billing", { finish: true }),
        node("tech", { finish: true }),
        node("sorry", { finish: true }),
      ],
      edges: [
        edge("route", "billing", "money"),
        edge("route", "tech"),
        { ...edge("tech", "sorry"), kind: "catch" },
        edge("tech", "tech", "again"),
      ],
    };
    expect(draw(graph)).toMatchInlineSnapshot(`
      [
        " ○ route ┬───── money ▶ ○ billing ◎ ┌───── catch ▶ ○ sorry ◎",
        "         │                          │",
        "         └─┬──────────▶ ○ tech ◎ ───┴─┐",
        "           └────────── again ─────────┘",
      ]
    `);
  });

  test("is a tree where there is no room", () => {
    expect(draw(research, 40)).toMatchInlineSnapshot(`
      [
        " ○ plan",
        "   → ○ search",
        "     → ○ report",
        "       → ○ review ◎  good",
        "       ↺ search  more",
      ]
    `);
  });

  test("T11: cuts nothing before the edge of the window", () => {
    const label = "nothing was found that could be searched";
    const graph: Graph = {
      ...research,
      nodes: [...research.nodes, node("a-state-with-a-name-of-more-than-24-cells")],
      edges: [...research.edges, edge("plan", "a-state-with-a-name-of-more-than-24-cells", label)],
    };
    for (const width of [100, 200]) {
      const drawn = draw(graph, width).join("\n");
      expect(drawn).toContain("a-state-with-a-name-of-more-than-24-cells");
      expect(drawn).toContain(label);
    }
    const way = {
      ...research,
      edges: [...research.edges, edge("review", "report", "because it is not good enough")],
    };
    expect(draw(way).join("\n")).toContain("because it is not good enough");
  });

  test("T11: only a way back to a state above has the sign of a loop", () => {
    const graph = { ...research, edges: [...research.edges, edge("plan", "review", "nothing to search")] };
    expect(draw(graph, 40)).toEqual([
      " ○ plan",
      "   → ○ search",
      "     → ○ report",
      "       → ○ review ◎  good",
      "       ↺ search  more",
      "   → review  nothing to search",
    ]);
  });

  test("T11: marks the states inside of states, also after they ended", async () => {
    const a = runnable("a", (n: number) => n);
    const b = runnable("b", (n: number) => n);
    const inner = orchestration<number, number>("inner", (o) => o.start(a).advance(a, b).finish(b));
    const list = runnable("list", (n: number) => [n, n]);
    const many = each("many", inner);
    const pair = all("pair", { x: inner, y: a });
    const end = runnable("end", () => 1);
    const flow = orchestration<number, number>("flow", (o) =>
      o
        .start(inner)
        .advance(inner, list)
        .advance(list, many)
        .advance(many, pair, { convert: ([n]) => n! })
        .advance(pair, end)
        .finish(end),
    );
    const events: OrchestrationEvent[] = [];
    await flow.start(1, { onEvent: (event) => void events.push(event) }).result;
    const marksAfter = (count: number): ReadonlyMap<string, GraphMark> => {
      const { state } = railAdvance(railStart("flow"), events.slice(0, count));
      return placesNow(state) as ReadonlyMap<string, GraphMark>;
    };
    const drawn = draw(flow.graph, 200, marksAfter(events.length)).join("\n");
    expect(drawn).not.toContain("○");
    expect(drawn.split("● a ───▶ ● b ◎")).toHaveLength(4);
    const first = events.findIndex((event) => event.type === "state.completed" && event.state === "a");
    const half = draw(flow.graph, 200, marksAfter(first + 1));
    expect(half.join("\n").split("● a ───▶ ○ b ◎")).toHaveLength(2);
    expect(half[0]).toContain("◐ inner");
  });

  test("of a real orchestration shows all its states", () => {
    const a = runnable("a", (n: number) => n);
    const b = runnable("b", (n: number) => n);
    const { graph } = orchestration<number, number>("ab", (o) => o.start(a).advance(a, b).finish(b));
    expect(draw(graph)).toEqual([" ○ a ───▶ ○ b ◎"]);
  });

  test("of any shape is drawn within the width, with every state named", () => {
    const ids = ["a", "b", "c", "d", "e", "f"];
    const graphs = fc.array(
      fc.tuple(
        fc.constantFrom(...ids),
        fc.constantFrom(...ids),
        fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(graphs, fc.constantFrom(30, 60, 120, 200), (pairs, width) => {
        const nodes = ids.map((id, at) => node(`state-${id}`, { start: at === 0 }));
        const edges = pairs.map(([from, to, label]) => edge(`state-${from}`, `state-${to}`, label));
        const lines = draw({ id: "g", nodes, edges }, width);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        for (const { id } of nodes) expect(lines.join("\n")).toContain(`○ ${id}`);
      }),
    );
  });
});
