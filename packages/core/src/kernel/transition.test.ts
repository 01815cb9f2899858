import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { all, choose, isOrchError, orchestration, type Runnable, runnable } from "../index.ts";
import { Activation } from "./activation.ts";
import { compiled } from "./compiled.ts";
import type { Decision } from "./decisions.ts";
import { begin, type RunState, type Sink, take } from "./transition.ts";

const deaf = runnable("deaf", () => new Promise<string>(() => {}));

describe("a run that is being cancelled", () => {
  it("ends as cancelled although its deadline passes while its work settles", async () => {
    const clock = manualClock();
    const flow = orchestration("late", (o) => o.start(deaf).finish(deaf), { deadline: 100 });
    const run = flow.start(undefined, { clock, grace: 50 });
    await clock.advance(80);
    const cancelled = run.cancel("enough");
    await clock.advance(50);
    await cancelled;

    expect(run.status).toBe("cancelled");
    expect(clock.pending()).toBe(0);
  });

  it("keeps the limit that was passed first, although another passes while its work settles", async () => {
    const clock = manualClock();
    const spends = runnable("spends", (_: unknown, ctx) => {
      clock.after(90, () => ctx.spend({ inputTokens: 100 }));
      return new Promise<string>(() => {});
    });
    const flow = orchestration("both", (o) => o.start(spends).finish(spends), {
      deadline: 100,
      budget: { maxTokens: 10 },
    });
    const run = flow.start(undefined, { clock, grace: 50 });
    await clock.advance(150);

    await run.result.catch((error: unknown) => expect(isOrchError(error, "ORCH_BUDGET")).toBe(true));
    expect(run.status).toBe("failed");
  });
});

/** The transition alone: what it opens is listed, and what was decided comes from a list. */
function pure(only: Runnable<never, unknown>, input: unknown, decided: (Decision | undefined)[] = []) {
  const flow = orchestration("flow", (o) => o.start(only).finish(only));
  const run: RunState = {
    root: new Activation(undefined, compiled(flow), input),
    ended: undefined,
    values: undefined,
    yields: true,
  };
  const opened: Activation[] = [];
  const noted: Decision[] = [];
  const sink: Sink = {
    exec: (operation) => opened.push(operation),
    timer: () => {},
    halted: () => {},
    drop: () => {},
    recorder: undefined,
    grace: 1,
    yields: true,
    decisions: {
      recall: () => decided.shift(),
      recallMark: () => undefined,
      recallMet: () => undefined,
      admit: (decision) => decision,
      note: (decision) => noted.push(decision),
      kept: (error) => error,
    },
  };
  begin(run, sink);
  return {
    run,
    opened,
    noted,
    take: (completion: Parameters<typeof take>[1]) => take(run, completion, sink),
  };
}

describe("the transition", () => {
  const work = runnable("work", (n: number) => n);

  it("ignores what comes for something that has ended, or that is not being stopped", () => {
    const { run, opened, take } = pure(work, 1);
    const [operation] = opened;
    take({ kind: "timer", activation: run.root, purpose: "grace" });
    expect(run.ended).toBeUndefined();
    take({ kind: "completed", operation: operation!, value: "first" });
    take({ kind: "completed", operation: operation!, value: "second" });
    take({ kind: "failed", operation: operation!, error: new Error("late") });
    take({ kind: "timer", activation: run.root, purpose: "grace" });
    take({ kind: "stop", activation: run.root, error: new Error("late") });
    take({ kind: "stop", activation: operation!, error: new Error("never a machine") });
    take({ kind: "rest", operation: operation!, rests: true });

    expect(run.ended).toEqual({ kind: "completed", value: "first" });
  });

  it("lets an operation work on that never rested", () => {
    const { run, opened, take } = pure(work, 1);
    take({ kind: "rest", operation: opened[0]!, rests: false });
    take({ kind: "completed", operation: opened[0]!, value: "done" });

    expect(run.ended).toEqual({ kind: "completed", value: "done" });
  });

  it("does again what was decided, and calls no condition for it", () => {
    let asked = 0;
    const fan = all("fan", { work, other: work }, { when: { other: () => ++asked > 0 } });
    const broken = new Error("as it was");

    expect(pure(fan, 1, ["skip"]).opened).toHaveLength(1);
    expect(pure(fan, 1, ["open"]).opened).toHaveLength(2);
    const failing = pure(fan, 1, [{ error: broken }]);
    failing.take({ kind: "completed", operation: failing.opened[0]!, value: 1 });
    expect(failing.run.ended).toEqual({ kind: "failed", error: broken });
    expect(asked).toBe(0);
  });

  it("takes the edge that was decided, as far as there is one", () => {
    const rescue = runnable("rescue", (n: number) => n);
    const flow = orchestration("inner", (o) =>
      o
        .start(work)
        .catch(work, rescue, { label: "kept as it is" } as never)
        .advance(work, rescue, { when: () => false })
        .finish(work, rescue),
    );
    const failing = (decided: Decision) => {
      const { run, opened, noted, take } = pure(flow, 1, [decided, decided]);
      take({ kind: "failed", operation: opened[0]!, error: new Error("broken") });
      return { run, opened, noted };
    };

    expect(failing([0, 1]).opened[1]).toMatchObject({ input: { code: "ORCH_RUNNABLE_FAILED" } });
    expect(failing([0, 1, "converted"]).opened[1]).toMatchObject({ input: "converted" });
    expect(failing("end").run.ended).toMatchObject({ kind: "failed" });
    for (const gone of [[7, 1], [0, 7], { chose: "x" }] as const) {
      expect(() => failing(gone)).toThrow(/cannot do any more what it did/);
    }
    expect(failing({ error: new Error("limit") }).run.ended).toMatchObject({ error: { message: "limit" } });
  });

  it("refuses a factory that gives another runnable than it gave for this input before", () => {
    const other = runnable("other", (n: number) => n);
    const pick = choose("pick", () => work);

    expect(pure(pick, 1, [{ chose: "work" }]).opened.map(({ path }) => path)).toEqual(["flow/pick#1/work#1"]);
    expect(pure(pick, 1, [{ chose: other.id }]).run.ended).toMatchObject({
      kind: "failed",
      error: {
        cause: { message: expect.stringContaining('gave "work", and "other" when it was first called') },
      },
    });
    expect(pure(pick, 1, ["end"]).opened).toHaveLength(1);
  });

  it("fails a choice as it failed before, whatever the factory does now", () => {
    const broken = new Error("as it was");
    const throws = choose("throws", (): typeof work => {
      throw new Error("as it is");
    });
    const now = { error: { cause: { message: "as it is" } } };

    expect(
      pure(
        choose("pick", () => work),
        1,
        [{ error: broken }],
      ).run.ended,
    ).toMatchObject({ error: broken });
    expect(pure(throws, 1, [{ error: broken }]).run.ended).toMatchObject({ error: broken });
    expect(pure(throws, 1, [{ chose: "work" }]).run.ended).toMatchObject(now);
    expect(pure(throws, 1, ["end"]).run.ended).toMatchObject(now);
    expect(pure(throws, 1, []).run.ended).toMatchObject(now);
    const plain = orchestration("plain", (o) => o.start(throws).finish(throws));
    return expect(plain.run(1)).rejects.toThrow(/as it is/);
  });
});
