import { instance } from "@viz-js/viz";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { anyLetter } from "../../../testing/src/store/any-letter.ts";
import {
  all,
  choose,
  each,
  type Graph,
  orchestration,
  question,
  type RunContext,
  race,
  runnable,
  sleep,
} from "../index.ts";
import type { GraphEdge, GraphNode } from "../words/graph.ts";
import { toDot } from "./dot.ts";
import { toMermaid } from "./mermaid.ts";
import { recordRun } from "./record-run.ts";
import type { RecordedRun } from "./recorded-run.ts";
import { toText } from "./text.ts";

const viz = await instance();

const plan = runnable("plan", (topic: string) => [topic]);
const search = runnable("search", (query: string, ctx: RunContext) => {
  ctx.spend({ inputTokens: 800, outputTokens: 200 });
  return query;
});
const deep = orchestration("deep", (o) => o.start(search).finish(search));
const check = orchestration("check", (o) => o.start(deep).finish(deep));
const quick = race("quick", { mirror: search, origin: check }, { first: 2 });
const sides = all("sides", { long: search, check, 'odd "key"': quick }, { when: { check: () => true } });
const pick = choose("pick", (text: string) => {
  const write = runnable("write", (_: string) => text);
  return orchestration("made", (o) => o.start(search).advance(search, write, { label: "go" }).finish(write));
});
const approve = question("approve", { ask: "ok?", answer: z.boolean() });
const rest = sleep<boolean>("rest", 0);
const searchAll = each("searchAll", search, { settled: true });
const flow = orchestration("flow", (o) =>
  o
    .start(plan)
    .advance(plan, searchAll, { when: (queries) => queries.length > 0, label: 'has "queries" <b>#35;' })
    .advance(plan, sides, { convert: (queries) => queries.join() })
    .catch(searchAll, plan, { convert: () => "again" })
    .advance(searchAll, sides, { convert: () => "x" })
    .advance(sides, pick, { convert: () => "x" })
    .advance(pick, approve)
    .advance(approve, rest)
    .finish(rest),
);

async function recorded(): Promise<{ half: RecordedRun; whole: RecordedRun }> {
  const run = flow.start("x");
  let whole = recordRun([]);
  let half = whole;
  for await (const event of run.events()) {
    whole = recordRun([event], whole);
    if (event.type !== "run.waiting") continue;
    half = whole;
    await run.answer(event.questions[0]!, true);
  }
  return { half, whole };
}

/** Without the times, which differ from run to run. */
const timeless = (text: string): string => text.replaceAll(/ *\d+(ms|\.\ds)/g, "");

describe("S33: as text", () => {
  it("draws a definition: each state once, with what is in it and the ways out of it", () => {
    expect(toText(flow.graph)).toMatchInlineSnapshot(`
      "flow
      ▶ plan
        ├→ searchAll  has "queries" <b>#35; ?
        └→ sides  converts
        searchAll [each, settled]
        │ each item: search
        ├→ sides  converts
        └↺ plan  on failure · converts
        sides [all]
        │ long: search
        │ check ? [orchestration]
        │ │ ▶ deep [orchestration] ◎
        │ │   │ ▶ search ◎
        │ odd "key": quick [race, first 2]
        │ │ mirror: search
        │ │ origin: check [orchestration]
        │ │ │ ▶ deep [orchestration] ◎
        │ │ │   │ ▶ search ◎
        └→ pick  converts
        pick [choose]
        └→ approve
        approve [question]
        └→ rest
        rest [sleep] ◎
      "
    `);
  });

  it("S7: draws a run: visits, tokens, what waits, what was made on the way, how often each way was taken", async () => {
    const { half, whole } = await recorded();
    expect(timeless(toText(flow.graph, { run: half }))).toMatchInlineSnapshot(`
      "flow: waiting, 1 question open                                          6.0k tok
      ▶ ● plan                                                   ×1
        ├→ searchAll  has "queries" <b>#35; ?                    ×1
        └→ sides  converts
        ● searchAll [each, settled]                              ×1   1.0k tok
        │ ● each item: search                                    ×1   1.0k tok
        ├→ sides  converts                                       ×1
        └↺ plan  on failure · converts
        ● sides [all]                                            ×1   4.0k tok
        │ ● long: search                                         ×1   1.0k tok
        │ ● check ? [orchestration]                              ×1   1.0k tok
        │ │ ▶ ● deep [orchestration] ◎                           ×1   1.0k tok
        │ │   │ ▶ ● search ◎                                     ×1   1.0k tok
        │ ● odd "key": quick [race, first 2]                     ×1   2.0k tok
        │ │ ● mirror: search                                     ×1   1.0k tok
        │ │ ● origin: check [orchestration]                      ×1   1.0k tok
        │ │ │ ▶ ● deep [orchestration] ◎                         ×1   1.0k tok
        │ │ │   │ ▶ ● search ◎                                   ×1   1.0k tok
        └→ pick  converts                                        ×1
        ● pick [choose]                                          ×1   1.0k tok
        │ ● made [orchestration]                                 ×1   1.0k tok
        │ │ ▶ ● search                                           ×1   1.0k tok
        │ │   └→ write  go                                       ×1
        │ │   ● write                                            ×1
        └→ approve                                               ×1
        ? approve [question]                                     ×1
        └→ rest
        ○ rest [sleep] ◎
      "
    `);
    expect(timeless(toText(flow.graph, { run: whole }))).toContain("● approve [question]");
  });

  it("uses nothing but ASCII where it is asked to", async () => {
    const { half } = await recorded();
    const text = toText(flow.graph, { run: half, ascii: true });
    expect(text).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(text).toContain("`> rest");
    expect(text).toContain("^ plan  on failure, converts");
  });

  it("keeps every state of the definition on its line while a run goes on", async () => {
    const place = (text: string, id: string): number =>
      text.split("\n").findIndex((line) => line.includes(`${id} [`));
    const small = orchestration("small", (o) =>
      o
        .start(plan)
        .advance(plan, searchAll, { when: () => true })
        .finish(plan, searchAll),
    );
    const run = small.start("x");
    let record = recordRun([]);
    const lines = toText(small.graph, { run: record }).split("\n").length;
    for await (const event of run.events()) {
      record = recordRun([event], record);
      const text = toText(small.graph, { run: record, now: event.time + 61_000 });
      expect(text.split("\n")).toHaveLength(lines);
      expect(place(text, "searchAll")).toBe(3);
    }
  });

  it("counts the time of what runs", () => {
    const base = { runId: "r", visit: 1, state: "plan", path: "flow/plan#1" };
    const run = recordRun([
      { type: "run.started", seq: 1, time: 0, runId: "r", path: "flow", orchestration: "flow", input: 1 },
      { ...base, type: "state.started", seq: 2, time: 1000, kind: "runnable", input: 1 },
    ]);
    const [head, first] = toText(flow.graph, { run, now: 66_000 }).split("\n");
    expect(head).toMatch(/^flow: running +1m06s$/);
    expect(first).toMatch(/^▶ ◐ plan +×1 +1m05s$/);
    expect(toText(flow.graph, { run, width: 30 }).split("\n")[1]).toBe("▶ ◐ plan  ×1");
  });

  it("marks as a way back only what closes a loop, not a way that meets another", () => {
    const state = (id: string) => runnable(id, (text: string) => text);
    const [a, b, c, d] = [state("a"), state("b"), state("c"), state("d")];
    const { graph } = orchestration("meet", (o) =>
      o
        .start(a)
        .advance(a, b, { when: () => true })
        .advance(a, c)
        .advance(b, d)
        .advance(c, d)
        .advance(d, b, { when: () => false })
        .finish(d),
    );
    expect(toText(graph)).toBe("meet\n▶ a\n  ├→ b  ?\n  └→ c\n  b\n  └→ d\n  c\n  └→ d\n  d ◎\n  └↺ b  ?\n");
  });

  it("draws forty states with one line each, and one for each way", () => {
    const chain = Array.from({ length: 40 }, (_, at) => runnable(`state-${at}`, (text: string) => text));
    const { graph } = orchestration("forty", (o) => {
      let draft = o.start(chain[0]!) as never as { advance: (a: unknown, b: unknown) => never };
      for (let at = 1; at < chain.length; at++) draft = draft.advance(chain[at - 1], chain[at]);
      return (draft as never as typeof o).finish(chain.at(-1)!) as never;
    });
    const lines = toText(graph).trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 40 + 39);
    expect(lines.filter((line) => line.includes("→"))).toHaveLength(39);
  });
});

describe("of a run", () => {
  it("counts each of two ways between the same states for itself, and entries for want of a way", async () => {
    let tries = 0;
    const guess = runnable({ id: "guess", rerun: { attempts: 3 }, invoke: (_: string) => ++tries });
    const check = runnable("check", (_: number) => "again");
    const ways = orchestration("ways", (o) =>
      o
        .start(guess)
        .advance(guess, check, { when: (n) => n === 2 || n === 3, label: "low" })
        .advance(guess, check, { when: (n) => n > 3, label: "high" })
        .advance(check, guess, { when: () => tries < 4 })
        .finish(check),
    );
    let record = recordRun([]);
    for await (const event of ways.start("").events()) record = recordRun([event], record);
    expect(timeless(toText(ways.graph, { run: record, width: 40 }))).toBe(
      [
        "ways: completed",
        "▶ ● guess  ×4",
        "  ├→ check  low ?  ×2",
        "  ├→ check  high ?  ×1",
        "  └↺ guess  again up to 3 times  ×1",
        "  ● check ◎  ×3",
        "  └↺ guess  ?  ×2",
        "",
      ].join("\n"),
    );
    expect(toDot(ways.graph, { run: record })).toContain('[label="high ? · ×1", style=dashed, penwidth=2]');
    expect(toMermaid(ways.graph)).toContain('s0 -.->|"again up to 3 times"| s0');
  });
});

describe("S33: as DOT", () => {
  it("is read by Graphviz, with every state once, two of one id apart, and each inside a cluster", async () => {
    for (const run of [undefined, (await recorded()).whole]) {
      const { status, errors, output } = viz.render(toDot(flow.graph, run && { run }), { format: "json" });
      expect([status, errors.filter(({ level }) => level === "error")]).toEqual(["success", []]);
      const drawn = JSON.parse(output!) as { objects: { name: string; label: string; nodes?: number[] }[] };
      const labels = drawn.objects
        .filter(({ name }) => /^s\d+$/.test(name))
        .map(({ label }) => label.split("\\n")[0]);
      const made = run ? ["made", "search", "write"] : [];
      expect(labels.toSorted()).toEqual(
        [
          ...["plan", "searchAll", "search", "sides", "search", "check", "deep", "search", "quick", "search"],
          ...["check", "deep", "search", run ? "pick" : "pick: choose", "approve: question", "rest: sleep"],
          ...made,
        ].toSorted(),
      );
      expect(drawn.objects.filter(({ nodes }) => nodes).length).toBe(7 + (run ? 2 : 0));
    }
  });

  it("labels conditions, conversions, failures and branches", () => {
    const dot = toDot(flow.graph);
    expect(dot).toContain('s0 -> s1 [label="has \\"queries\\" <b>#35; ?", style=dashed]');
    expect(dot).toContain(
      's1 -> s0 [label="on failure · converts", style=dashed, color="#b3352b", constraint=false]',
    );
    expect(dot).toMatch(/s3 -> s5 \[label="check \?", style=dotted\]/);
    expect(dot).toContain("start -> s0\n");
    expect(dot).toContain(" -> finish\n");
  });
});

describe("S33: as Mermaid", () => {
  /** Everything a line of our flowcharts may be; what Mermaid itself says was tried by hand. */
  const TEXT = String.raw`"(?:[^"#<>%\n\x60\\]|<br/>)+"`;
  const LINE = new RegExp(
    [
      "flowchart TD",
      String.raw`\w+\(\((?:start|finish)\)\)`,
      `\\w+(?:\\[${TEXT}\\]|\\{\\{${TEXT}\\}\\}|\\[\\[${TEXT}\\]\\]|\\{${TEXT}\\}|\\[/${TEXT}/\\]|\\(${TEXT}\\))`,
      `\\w+ (?:-->|-\\.->|==>)(?:\\|${TEXT}\\|)? \\w+`,
      `subgraph \\w+ \\[${TEXT}\\]`,
      "end",
      String.raw`classDef \w+ [\w:#, -]+`,
      String.raw`class \w+ \w+`,
    ]
      .map((form) => `(?:${form})`)
      .join("|")
      .replace(/^/, "^ *(?:")
      .replace(/$/, ")$"),
  );

  it("marks start and finish, dots conditions, labels failures, and draws what is inside", () => {
    const small = orchestration("small", (o) =>
      o
        .start(plan)
        .advance(plan, searchAll, { when: (queries) => queries.length > 0, label: 'has "queries"' })
        .advance(plan, check, { convert: (queries) => queries.join() })
        .catch(searchAll, plan, { convert: () => "again" })
        .finish(searchAll, check),
    );
    expect(toMermaid(small.graph)).toMatchInlineSnapshot(`
      "flowchart TD
        start((start))
        finish((finish))
        s0["plan"]
        subgraph s1_inside ["each, settled"]
          s1{{"searchAll"}}
          s2["search"]
          s1 -.->|"each item"| s2
        end
        subgraph s3_inside ["orchestration"]
          s3[["check"]]
          s3_end((finish))
          subgraph s4_inside ["orchestration"]
            s4[["deep"]]
            s4_end((finish))
            s5["search"]
            s4 --> s5
            s5 --> s4_end
          end
          s3 --> s4
          s4 --> s3_end
        end
        start --> s0
        s0 -.->|"has &quot;queries&quot; ?"| s1
        s0 -->|"converts"| s3
        s1 -.->|"on failure · converts"| s0
        s1 --> finish
        s3 --> finish
      "
    `);
  });

  it("shows what a run did, and what was made on the way", async () => {
    const { half } = await recorded();
    const mermaid = toMermaid(flow.graph, { run: half });
    expect(mermaid).toMatch(/s\d+\[\["made<br\/>×1 · \d+ms · 1\.0k tok"\]\]/);
    expect(mermaid).toMatch(/s\d+ ==>\|"go · ×1"\| s\d+/);
    expect(mermaid).toMatch(/class s\d+ waiting/);
  });

  it("has only lines that Mermaid knows, whatever ids and labels say", async () => {
    const { whole } = await recorded();
    for (const run of [undefined, whole])
      for (const line of toMermaid(flow.graph, run && { run })
        .trimEnd()
        .split("\n"))
        expect(line).toMatch(LINE);
    fc.assert(
      fc.property(anyGraph, (graph) => {
        for (const line of toMermaid(graph).trimEnd().split("\n")) expect(line).toMatch(LINE);
      }),
    );
  });
});

const word = fc.oneof(
  fc.string({ unit: anyLetter(), maxLength: 12 }),
  fc.constantFrom("end", '"', "\\", "&quot;", "a\nb"),
);
const anyGraph: fc.Arbitrary<Graph> = fc
  .tuple(fc.uniqueArray(word, { minLength: 1, maxLength: 6 }), fc.array(fc.tuple(fc.nat(5), fc.nat(5), word)))
  .map(([ids, pairs]) => ({
    id: ids[0]!,
    nodes: ids.map((id, at): GraphNode => ({ id, kind: "runnable", start: at === 0, finish: at > 2 })),
    edges: pairs.map(
      ([from, to, label]): GraphEdge => ({
        from: ids[from % ids.length]!,
        to: ids[to % ids.length]!,
        kind: "advance",
        place: 0,
        label,
        conditional: label.length > 4,
        converts: false,
      }),
    ),
  }));

describe("of any graph", () => {
  it("DOT is read by Graphviz with as many nodes and edges as there are", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { status, output } = viz.render(toDot(graph), { format: "json" });
        expect(status).toBe("success");
        const drawn = JSON.parse(output!) as { objects: unknown[]; edges: unknown[] };
        expect(drawn.objects).toHaveLength(graph.nodes.length + 2);
        const marks = 1 + graph.nodes.filter(({ finish }) => finish).length;
        expect(drawn.edges).toHaveLength(graph.edges.length + marks);
      }),
      { numRuns: 60 },
    );
  });

  it("text stays within its width, on one line a state and one an edge, without control characters", () => {
    fc.assert(
      fc.property(anyGraph, fc.integer({ min: 10, max: 120 }), (graph, width) => {
        const lines = toText(graph, { width }).split("\n");
        expect(lines).toHaveLength(1 + graph.nodes.length + graph.edges.length + 1);
        for (const line of lines) {
          expect([...line.replaceAll(/[\p{Mn}\p{Me}]/gu, "")].length).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/\p{C}/u);
        }
      }),
    );
  });
});
