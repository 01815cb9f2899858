import { each, type OrchestrationEvent, orchestration, type Runnable, speech } from "@orch/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import { finishedLine } from "./finished-line.ts";
import type { FinishedState, RailState } from "./rail-entry.ts";
import { railLines } from "./rail-lines.ts";
import { railStart } from "./rail-start.ts";
import { railAdvance } from "./rail-state.ts";

const theme = createTheme();

/** Writes a stream of events by hand, one second apart. */
function script(...steps: readonly object[]): OrchestrationEvent[] {
  return steps.map(
    (step, at) =>
      ({ seq: at + 1, time: at * 1000, runId: "r", path: "o", visit: 1, ...step }) as OrchestrationEvent,
  );
}
const started = (path: string, kind = "runnable", more: object = {}): object => ({
  type: "state.started",
  path,
  state: path.slice(path.lastIndexOf("/") + 1, path.lastIndexOf("#")),
  visit: Number(path.slice(path.lastIndexOf("#") + 1)),
  kind,
  input: null,
  ...more,
});
const completed = (path: string, output: unknown = "x", duration = 1000): object => ({
  type: "state.completed",
  path,
  output,
  duration,
});
const says = (path: string, delta: string): object => ({
  type: "state.output",
  path,
  channel: "speech",
  data: delta,
});
const begin = { type: "run.started", orchestration: "o", input: null };

function draw(state: RailState, width = 80, height = 6, now = 10_000): string[] {
  return railLines(state, { width, height, now, theme }).map(plainText);
}

describe("the rail", () => {
  const chain = script(
    begin,
    started("o/plan#1"),
    { type: "state.usage", path: "o/plan#1", spending: { inputTokens: 700, outputTokens: 112 } },
    completed("o/plan#1", { queries: [1, 2, 3, 4, 5] }, 2100),
    started("o/report#1"),
    says("o/report#1", "First line\nThe second"),
    { type: "state.usage", path: "o/report#1", spending: { outputTokens: 1100 } },
  );

  test("says why nothing moves while the store is locked or full, in the room there is, and no longer", () => {
    const pause = { type: "run.paused", part: 1, reason: `The database ${"long/".repeat(40)} is full.` };
    const paused = railAdvance(railStart("o", []), [...chain, ...script(pause)]).state;
    const lines = draw(paused, 80, 6);
    expect(lines[0]).toMatch(/^! The database long/);
    expect(lines.at(-1)).toContain("report");
    expect(lines.length).toBe(3);
    expect(draw(paused, 80, 2)).toHaveLength(2);
    for (const type of ["run.continued", "run.completed"])
      expect(draw(railAdvance(paused, script({ type, part: 2 })).state)[0]).not.toContain("database");
  });

  test("goes on with a run that is retried, and counts a branch that is open again once", () => {
    const failed = script(
      begin,
      started("o/many#1", "each", { branches: 2 }),
      started("o/many#1[0]/a#1"),
      started("o/many#1[1]/a#1"),
      completed("o/many#1[0]/a#1"),
      { type: "state.failed", path: "o/many#1[1]/a#1", error: { name: "E", message: "no" }, duration: 1 },
      { type: "state.failed", path: "o/many#1", error: { name: "E", message: "no" }, duration: 1 },
      { type: "run.failed", error: { name: "E", message: "no" }, duration: 1 },
    );
    const retried = script(
      { type: "run.retried" },
      started("o/many#1", "each", { branches: 2, again: true }),
      started("o/many#1[1]/a#1", "runnable", { again: true }),
      completed("o/many#1[1]/a#1"),
    );
    const before = railAdvance(railStart("o", ["many"]), failed).state;
    const { state } = railAdvance(before, retried);

    expect(before.status).toBe("failed");
    expect(state.status).toBe("running");
    expect(state.endedAt).toBeUndefined();
    expect(state.entries.get("o/many#1")).toMatchObject({
      started: 2,
      done: 2,
      failed: 0,
      status: "running",
    });
  });

  test("shows the states in order, the active one with its time and tokens", () => {
    const { state, finished } = railAdvance(railStart("o", ["plan", "report", "review"]), chain);
    expect(draw(state, 80, 6, 8200)).toEqual([" ● plan ─ ◐ report 4.2s  1.1k tok ↓2/s ─ ○ review"]);
    expect(draw(state, 40, 6, 8200)).toEqual([" ●◐○ 2/3 report 4.2s"]);
    const line = plainText(finishedLine(finished[0]!, 80, theme));
    expect(line).toBe(`● plan         5 queries${" ".repeat(40)}  812 tok   2.1s`);
    expect(widthOf(plainText(finishedLine(finished[0]!, 80, theme)))).toBe(80);
    expect(plainText(finishedLine(finished[0]!, 40, theme))).toBe("● plan 2.1s · 5 queries");
  });

  test("T22: marks tokens that are estimated, of the state, of what is around it, and of nothing else", () => {
    const turn = { type: "agent.turn.completed", agent: "a", turn: 1, usage: { estimated: true } };
    const tells = (path: string, data: object) => ({ type: "state.output", path, channel: "agent", data });
    const spends = (path: string) => ({ type: "state.usage", path, spending: { inputTokens: 1200 } });
    const lane = "o/research#1[web]/search#1";
    const events = script(
      begin,
      started("o/plan#1"),
      spends("o/plan#1"),
      tells("o/plan#1", { ...turn, usage: {} }),
      completed("o/plan#1"),
      started("o/research#1", "all", { branches: 2 }),
      started(lane),
      spends(lane),
      tells(lane, { type: "agent.nested", agent: "b", turn: 1, path: "c1", event: turn }),
      completed(lane),
      completed("o/research#1"),
    );
    const lines = railAdvance(railStart("o"), events).finished.map((each) =>
      plainText(finishedLine(each, 80, theme)),
    );
    expect(lines.map((text) => /~?[\d.]+k tok/.exec(text)?.[0])).toEqual([
      "1.2k tok",
      "~1.2k tok",
      "~1.2k tok",
    ]);
  });

  test("uses ASCII where it is asked for", () => {
    const { state } = railAdvance(railStart("o", ["plan", "report", "review"]), chain);
    const ascii = createTheme({ glyphs: "ascii" });
    const [line] = railLines(state, { width: 80, height: 1, now: 8200, theme: ascii });
    expect(plainText(line!)).toBe(" * plan - @ report 4.2s  1.1k tok v2/s - . review");
  });

  const fan = script(
    begin,
    started("o/plan#1"),
    completed("o/plan#1"),
    started("o/research#1", "all", { branches: 3 }),
    started("o/research#1[web]/search#1"),
    started("o/research#1[papers]/search#1"),
    started("o/research#1[news]/search#1"),
    says("o/research#1[web]/search#1", "old\nFDA cleared \u001b]0;x\u0007950 devices"),
    {
      type: "state.output",
      path: "o/research#1[papers]/search#1",
      channel: "agent",
      data: { type: "tool.started", id: "1", name: "arxiv.search", input: { q: "scribe" } },
    },
    completed("o/research#1[news]/search#1", [1, 2, 3, 4]),
    {
      type: "state.retrying",
      path: "o/research#1[web]/search#1",
      attempt: 1,
      delay: 4000,
      error: { name: "E", message: "429\n  Fix: wait" },
    },
  );

  const followed = [
    begin,
    started("o/pages#1", "each", { branches: 2 }),
    started("o/pages#1[0]/read#1"),
    started("o/pages#1[1]/read#1"),
    completed("o/pages#1[0]/read#1", "page a"),
    started("o/pages#1[0]/sum#1"),
  ];

  test("shows what takes the result of a branch in the branch's row, and counts each branch once", () => {
    const { state } = railAdvance(railStart("o", ["pages", "report"]), script(...followed));
    expect(draw(state)).toEqual([
      " ┬ ◐ pages.1.sum   5.0s        ",
      " └ ◐ pages.2       7.0s        ",
      "   ○ report (waits 0/2)",
    ]);
    expect(draw(state, 50)).toEqual([" ◐○ 1/2 pages 9.0s", " ◐ 2  "]);
    const done = railAdvance(state, script(completed("o/pages#1[0]/sum#1", "of a")));
    expect(draw(done.state)[2]).toBe("   ○ report (waits 1/2)");
    expect(done.finished.map(({ name }) => name)).toEqual(["pages.1.sum"]);
  });

  test("what takes a result and failed is open again when the run is tried again", () => {
    const failed = {
      type: "state.failed",
      error: { name: "E", message: "no" },
      cancelled: false,
      duration: 1,
    };
    const path = "o/pages#1[0]/sum#1";
    const events = script(...followed, { ...failed, path }, started(path, "runnable", { again: true }));
    const [pages] = railAdvance(railStart("o", ["pages"]), events).state.entries.values();
    expect(pages).toMatchObject({ branches: 2, started: 2, done: 0, failed: 0 });
  });

  test("grows with the items that are added while a list runs", () => {
    const { state } = railAdvance(
      railStart(),
      script(
        begin,
        started("o/crawl#1", "each", { branches: 1 }),
        started("o/crawl#1[0]/page#1"),
        started("o/crawl#1[2]/page#1"),
      ),
    );
    expect(state.entries.get("o/crawl#1")).toMatchObject({ branches: 3, started: 2 });
  });

  test("says how many branches go on in the background, until the last has ended", () => {
    const steps = [
      begin,
      started("o/quick#1", "each", { branches: 3 }),
      started("o/quick#1[0]/ask#1"),
      started("o/quick#1[1]/ask#1"),
      started("o/quick#1[2]/ask#1"),
      completed("o/quick#1[0]/ask#1"),
      { ...completed("o/quick#1"), background: 2 },
      started("o/ship#1"),
      completed("o/quick#1[1]/ask#1"),
    ];
    const { state } = railAdvance(railStart(), script(...steps));
    expect(draw(state)[0]).toContain("quick +1 in the background");
    const later = railAdvance(state, script(completed("o/quick#1[2]/ask#1")));
    expect(draw(later.state).join("")).not.toContain("background");
    expect(later.finished).toHaveLength(1);
  });

  test("gives each of a few branches a row with what it is doing", () => {
    const { state } = railAdvance(railStart("o", ["plan", "research", "report"]), fan.slice(0, -1));
    expect(draw(state, 84)).toEqual([
      " ● plan ─┬ ◐ research.web      6.0s        “FDA cleared 950 devices”",
      "         ├ ◐ research.papers   5.0s        tool arxiv.search(“scribe”)",
      "         └ ● research.news     3.0s        4 items",
      "           ○ report (waits 1/3)",
    ]);
    expect(draw(state, 84, 2)).toEqual([
      " ● plan ─ ◐ research 7.0s ─ ○ report",
      "   ◐ research.web 6.0s        ◐ research.papers 5.0s     ● research.news 3.0s       ",
    ]);
    expect(draw(state, 40)).toEqual([" ●◐○ 2/3 research 7.0s", " ◐ 2  ● 1  "]);
  });

  test("shows who waits for an answer, also inside of what was made on the way", () => {
    const asks = (path: string): object => ({
      type: "question.asked",
      path,
      question: path,
      prompt: "Use\nthe lamp?",
    });
    const alone = script(begin, started("o/approve#1", "question"), asks("o/approve#1"));
    const { state } = railAdvance(railStart("o", ["approve"]), alone);
    expect(draw(state)).toEqual([" ⏸ approve waits for your answer"]);
    const answer = { type: "question.answered", path: "o/approve#1", question: "o/approve#1", answer: true };
    const answered = script(begin, started("o/approve#1", "question"), asks("o/approve#1"), answer);
    expect(draw(railAdvance(railStart("o"), answered).state)).toEqual([" ◐ approve 9.0s"]);

    const deep = script(
      begin,
      started("o/first#1", "race", { branches: 2 }),
      started("o/first#1[fast]/work#1"),
      started("o/first#1[person]/pick#1", "choose"),
      started("o/first#1[person]/pick#1/made#1", "orchestration"),
      started("o/first#1[person]/pick#1/made#1/approve#1", "question"),
      asks("o/first#1[person]/pick#1/made#1/approve#1"),
    );
    expect(draw(railAdvance(railStart("o"), deep).state, 84)).toEqual([
      " ┬ ◐ first.fast     8.0s        ",
      " └ ⏸ first.person               waits for your answer: Use the lamp?",
    ]);
  });

  test("T11: a branch that waits for an answer is seen in any window, in rows, in a grid and in counts", () => {
    const of = (branches: number): RailState => {
      const lanes = Array.from({ length: branches }, (_, at) => started(`o/s#1[${at}]/b#1`));
      const ask = { type: "question.asked", path: "o/s#1[1]/b#1", question: "q", prompt: "Go on?" };
      const steps = script(
        begin,
        started("o/s#1", "each", { branches }),
        ...lanes,
        completed("o/s#1[0]/b#1"),
        ask,
      );
      return railAdvance(railStart("o"), steps).state;
    };
    for (const [branches, width, height] of [
      [3, 40, 2],
      [3, 100, 6],
      [9, 100, 6],
      [30, 100, 6],
    ] as const) {
      expect(draw(of(branches), width, height).join("\n")).toContain("⏸");
    }
    expect(draw(of(3), 40)[1]).toBe(" ⏸ 1  ◐ 1  ● 1  ");
    const nested = script(
      begin,
      started("o/inner#1", "orchestration"),
      started("o/inner#1/approve#1", "question"),
      { type: "question.asked", path: "o/inner#1/approve#1", question: "q", prompt: "Go on?" },
    );
    const { state } = railAdvance(railStart("o"), nested);
    expect(draw(state, 40)[0]).toContain("⏸");
    expect(draw(state, 100)[0]).toContain("⏸ inner");
  });

  test("tells why a branch is tried again, and when", () => {
    const { state } = railAdvance(railStart("o"), fan);
    expect(draw(state, 84, 6, 11_500)[0]).toContain("↻ research.web      7.5s        429 · retry 2 in 3s");
  });

  test("draws a grid of up to twelve branches, and counts of more", () => {
    const of = (branches: number): RailState => {
      const steps = Array.from({ length: branches }, (_, at) => started(`o/s#1[${at}]/b#1`));
      return railAdvance(
        railStart("o"),
        script(begin, started("o/s#1", "each", { branches }), ...steps, completed("o/s#1[0]/b#1")),
      ).state;
    };
    expect(draw(of(7), 80, 6, 20_000)).toHaveLength(4);
    expect(draw(of(7), 80, 6, 20_000)[1]).toMatch(/● s\.1 .*◐ s\.2 .*◐ s\.3/);
    expect(draw(of(40), 80, 6, 60_000)[1]).toBe("   ◐ 39  ● 1  ");
    expect(of(40).entries.has("o/s#1[0]/b#1")).toBe(false);
  });

  test("counts a loop's visits in the place of the first", () => {
    const { state } = railAdvance(
      railStart("o"),
      script(
        begin,
        started("o/a#1"),
        completed("o/a#1"),
        started("o/b#1"),
        completed("o/b#1"),
        started("o/a#2"),
      ),
    );
    expect(draw(state, 80, 6, 7000)).toEqual([" ◐ a ×2 2.0s ─ ● b"]);
  });

  test("takes any data of a state for what it is: data", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("speech", "agent", "own"),
        fc.anything(),
        fc.anything(),
        (channel, data, output) => {
          const events = script(
            begin,
            started("o/a#1"),
            { type: "state.output", path: "o/a#1", channel, data },
            completed("o/a#1", output),
          );
          const { state, finished } = railAdvance(railStart("o"), events);
          expect(finished).toHaveLength(1);
          expect(draw(state)).toHaveLength(1);
        },
      ),
    );
  });
});

/** Runs real machines of random shape. */
const machine: fc.Arbitrary<Runnable<number, number>> = fc.letrec<{ machine: Runnable<number, number> }>(
  (tie) => {
    let ids = 0;
    const leaf = fc.boolean().map(
      (talks): Runnable<number, number> => ({
        id: `s${ids++}`,
        invoke: async (input, ctx) => {
          if (talks) ctx.emit(speech, `hi\n漢${input}`);
          ctx.spend({ inputTokens: 10 });
          return input + 1;
        },
      }),
    );
    const nested = fc.array(tie("machine"), { minLength: 1, maxLength: 3 }).map((states) => {
      const last = states.at(-1)!;
      return orchestration<number, number>(`o${ids++}`, (o) => {
        let next = o.start(states[0]!) as never as {
          advance: (a: unknown, b: unknown) => never;
          finish: (a: unknown) => never;
        };
        for (let at = 1; at < states.length; at++) next = next.advance(states[at - 1], states[at]);
        return next.finish(last);
      }) as unknown as Runnable<number, number>;
    });
    const wrap = (inner: Runnable<number, readonly number[]>, size: number): Runnable<number, number> =>
      orchestration(`w${ids++}`, (o) => {
        const make: Runnable<number, readonly number[]> = {
          id: `make${ids++}`,
          invoke: async (n) => Array.from({ length: size }, () => n),
        };
        const fan = inner as unknown as Runnable<readonly number[], readonly number[]>;
        const sum: Runnable<readonly number[], number> = {
          id: `sum${ids++}`,
          invoke: async (list) => list.length,
        };
        return o.start(make).advance(make, fan).advance(fan, sum).finish(sum);
      }) as unknown as Runnable<number, number>;
    const many = fc
      .tuple(tie("machine"), fc.constantFrom(0, 1, 3, 7, 14))
      .map(([branch, size]) =>
        wrap(each(`e${ids++}`, branch) as unknown as Runnable<number, readonly number[]>, size),
      );
    return { machine: fc.oneof({ maxDepth: 2, withCrossShrink: true }, leaf, nested, many) };
  },
).machine;

const WIDTHS = [10, 40, 60, 100];
const HEIGHTS = [0, 1, 2, 4, 8];

describe("of any run", () => {
  test("every prefix draws within its room, and every finished state has its line exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(machine, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 7 }),
        async (states, batch) => {
          const whole = orchestration<number, number>("whole", (o) => {
            let next = o.start(states[0]!) as never as {
              advance: (a: unknown, b: unknown) => never;
              finish: (a: unknown) => never;
            };
            for (let at = 1; at < states.length; at++) next = next.advance(states[at - 1], states[at]);
            return next.finish(states.at(-1));
          });
          const events: OrchestrationEvent[] = [];
          const run = (
            whole as unknown as { start: (n: number) => { events: () => AsyncIterable<OrchestrationEvent> } }
          ).start(1);
          for await (const event of run.events()) events.push(event);
          let state = railStart("whole");
          const finished: FinishedState[] = [];
          for (let at = 0; at < events.length; at += batch) {
            const step = railAdvance(state, events.slice(at, at + batch));
            state = step.state;
            finished.push(...step.finished);
            const [width, height] = [WIDTHS[at % WIDTHS.length]!, HEIGHTS[at % HEIGHTS.length]!];
            const now = (events[at]?.time ?? 0) + 60_000;
            const lines = railLines(state, { width, height, now, theme });
            expect(lines.length).toBeLessThanOrEqual(height);
            for (const line of lines) expect(widthOf(plainText(line))).toBeLessThanOrEqual(width);
          }
          const ended = events.filter(
            (event) => event.type === "state.completed" || event.type === "state.failed",
          );
          expect(finished.map((each) => each.path)).toEqual(ended.map((event) => event.path));
          const spent = events.filter((event) => event.type === "state.usage").length * 10;
          expect(state.tokens).toBe(spent);
        },
      ),
      { numRuns: 30 },
    );
  });
});
