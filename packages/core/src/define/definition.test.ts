import { describe, expect, it } from "vitest";
import {
  all,
  each,
  isOrchError,
  OrchestrationAdvancer,
  orchestration,
  question,
  runnable,
} from "../index.ts";

const a = runnable("a", (x: number) => x);
const b = runnable("b", (x: number) => x);
const c = runnable("c", (x: number) => x);

function problemsOf(build: () => unknown): readonly string[] {
  try {
    build();
  } catch (error) {
    if (!isOrchError(error, "ORCH_INVALID_DEFINITION")) throw error;
    return error.facts.problems.map((problem) => problem.says);
  }
  return [];
}

describe("a definition", () => {
  it("lists all of its problems at once", () => {
    const twin = runnable("a", (x: number) => x);
    const problems = problemsOf(() =>
      orchestration("broken", (o) => o.start(a).advance(a, b).advance(a, twin).advance(c, c).finish(twin)),
    );

    expect(problems).toEqual([
      expect.stringContaining('Two runnables have the id "a"'),
      expect.stringContaining('"a" to "a" is never asked'),
      expect.stringContaining('"b" neither finishes nor advances'),
      expect.stringContaining('No way leads from "b" to a finish'),
      expect.stringContaining('"c" is never reached'),
    ]);
  });

  it.each([
    ["no start", () => orchestration("x", (o) => o.finish(a)), "There is no start"],
    [
      "no finish",
      () => orchestration("x", (o) => o.start(a).advance(a, b).advance(b, a) as never),
      "There is no finish",
    ],
    ["an empty id", () => orchestration("", (o) => o.start(a).finish(a)), "needs an id"],
    [
      "an id that would break a path",
      () => orchestration("x", (o) => o.start(runnable("a/b", () => 1)).finish(a)),
      '"a/b" cannot be an id',
    ],
    [
      "an advancer after one without a condition",
      () => orchestration("x", (o) => o.start(a).advance(a, b).advance(a, c).finish(b, c)),
      '"a" to "c" is never asked',
    ],
    [
      "a finish that always leads on",
      () => orchestration("x", (o) => o.start(a).advance(a, b).finish(a, b)),
      '"a" is named in .finish(...), but',
    ],
    [
      "a trap",
      () =>
        orchestration("x", (o) =>
          o
            .start(a)
            .advance(a, b, { when: () => true })
            .advance(a, c)
            .advance(b, b)
            .finish(c),
        ),
      'No way leads from "b" to a finish',
    ],
    [
      "an advancer class without targets",
      () => {
        class Nowhere extends OrchestrationAdvancer<number, number> {
          override readonly targets = [];
          override convertOutput(x: number): number {
            return x;
          }
        }
        return orchestration("x", (o) => o.start(a).advanceBy(a, new Nowhere()).finish(a));
      },
      "declares no targets",
    ],
    [
      "a limit of no steps",
      () => orchestration("x", (o) => o.start(a).finish(a), { maxSteps: 0 }),
      "maxSteps is 0",
    ],
    [
      "no concurrency",
      () => {
        const none = each("none", a, { concurrency: 0 });
        return orchestration("x", (o) => o.start(none).finish(none));
      },
      'concurrency of "none" is 0',
    ],
    [
      "an id of its own that would break a path",
      () => orchestration("x/y", (o) => o.start(a).finish(a)),
      '"x/y" cannot be an id',
    ],
    [
      "a branch that has no time",
      () => {
        const none = runnable({ id: "none", timeout: 0, invoke: (x: number) => x });
        const fan = all("outer", { inner: each("inner", none) });
        return orchestration("x", (o) => o.start(fan).finish(fan));
      },
      'timeout of "none" is 0',
    ],
    [
      "a schema that nobody would check",
      () => {
        const nested = orchestration("nested", (o) => o.start(a).finish(a));
        const strict = Object.defineProperty(nested, "input", { value: {} });
        return orchestration("x", (o) => o.start(strict).finish(strict));
      },
      '"nested" is a composite',
    ],
    [
      "a question that takes any answer",
      () => {
        const loose = question("loose", { ask: "Well?" } as unknown as Parameters<typeof question>[1]);
        return orchestration("x", (o) => o.start(loose).finish(loose));
      },
      '"loose" has no schema for its answer',
    ],
    [
      "no time",
      () => {
        const none = runnable({ id: "none", timeout: 0, invoke: () => 1 });
        return orchestration("x", (o) => o.start(none).finish(none));
      },
      'timeout of "none" is 0',
    ],
  ])("is refused with %s", (_what, build, says) => {
    expect(problemsOf(build)).toContainEqual(expect.stringContaining(says));
  });

  it("executes nothing while it is built", () => {
    let called = 0;
    const counts = runnable("counts", () => {
      called += 1;
    });
    orchestration("still", (o) => o.start(counts).finish(counts));

    expect(called).toBe(0);
  });

  it("cannot be changed: what is given out of it is a copy", async () => {
    const step = runnable("step", (value: number) => value + 1);
    const flow = orchestration("still", (o) => o.start(step).finish(step));
    const nodes = flow.graph.nodes as unknown[];
    nodes.length = 0;

    expect(flow.graph.nodes).toHaveLength(1);
    expect(Object.isFrozen(step)).toBe(true);
    expect(Object.keys(flow)).not.toContain("definition");
    expect(await flow.run(1)).toBe(2);
  });
});
