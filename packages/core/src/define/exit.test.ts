import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { wellFormed } from "../../test/well-formed.ts";
import { toDot, toMermaid, toText } from "../draw.ts";
import {
  all,
  choose,
  each,
  exit,
  type OrchestrationEvent,
  orchestration,
  type RunContext,
  runnable,
} from "../index.ts";

let clock = manualClock();
let stopped: number[] = [];

function take(ms: number, { signal }: RunContext): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const cancel = clock.after(ms, () => resolve(ms));
  signal.addEventListener("abort", () => {
    cancel();
    stopped.push(ms);
    reject(signal.reason);
  });
  return promise;
}
const slow = runnable("slow", (n: number, ctx) => take(n * 10, ctx));
const watch = runnable("watch", async (n: number, ctx) => `alarm ${await take(n, ctx)}`);
const report = runnable("report", ({ slow: value }: { slow: number }) => `report ${value}`);

function guarded(when?: (said: string) => boolean) {
  const alarm = exit("alarm", watch, when === undefined ? {} : { when });
  const work = all("work", { slow, alarm });
  return orchestration("guarded", (o) => o.start(work).advance(work, report).finish(report, alarm));
}

async function on<TInput, TOutput>(of: ReturnType<typeof orchestration<TInput, TOutput>>, input: TInput) {
  clock = manualClock();
  stopped = [];
  const events: OrchestrationEvent[] = [];
  const off = of.on("*", (event) => void events.push(event));
  const run = of.start(input, { clock });
  run.result.catch(() => {});
  await clock.runAll();
  off();
  return { result: run.result, events };
}

describe("a branch that ends its orchestration", () => {
  it("gives its output, and stops what is open beside it", async () => {
    const { result, events } = await on(guarded(), 5);

    expect(await result).toBe("alarm 5");
    expect(stopped).toEqual([50]);
    expect(wellFormed(events)).toEqual([]);
    const end = events.find(({ type }) => type === "state.failed");
    expect(end).toMatchObject({ path: "guarded/work#1[slow]/slow#1", cancelled: true });
    expect(JSON.stringify(end)).toContain('\\"alarm\\" ended \\"guarded\\"');
    expect(events.some(({ type }) => type === "state.transition")).toBe(false);
  });

  it("is a branch like any other where its condition does not hold", async () => {
    const { result } = await on(
      guarded((said) => said === "alarm 6"),
      5,
    );
    expect(await result).toBe("report 50");
    const other = await on(
      guarded((said) => said === "alarm 6"),
      6,
    );
    expect(await other.result).toBe("alarm 6");
  });

  it("fails with what its condition threw", async () => {
    const flow = guarded(() => {
      throw new Error("no idea");
    });
    const { result } = await on(flow, 5);
    await expect(result).rejects.toThrow("The option when");
  });

  it("starts nothing more in a list, and is found behind a choice", async () => {
    const some = exit(
      "some",
      runnable("quick", (n: number) => n),
      { when: (n) => n === 2 },
    );
    const inner = each("inner", some, { concurrency: 1 });
    const list = orchestration("list", (o) => o.start(inner).finish(inner, some));
    const { result, events } = await on(list, [1, 2, 3, 4]);
    expect(await result).toBe(2);
    expect(
      events.filter(({ path, type }) => type === "state.started" && path.includes("quick")),
    ).toHaveLength(2);
    const made = choose("made", (_: readonly number[]) => inner);
    const slowList = runnable("slowList", (list: readonly number[]) => list);
    const named = choose("named", { inner, other: slowList }, (_: readonly number[]) => "inner");
    expect(() => orchestration("open", (o) => o.start(named).finish(named))).toThrow(
      '"some" may end the orchestration',
    );
    const candidate = await on(
      orchestration("named", (o) => o.start(named).finish(named, some)),
      [2, 3],
    );
    expect(await candidate.result).toBe(2);
    const behind = await on(
      orchestration("behind", (o) => o.start(made).finish(made)),
      [2, 3],
    );
    expect(await behind.result).toBe(2);
  });

  it("ends the nearest orchestration, and the one around it goes on", async () => {
    const inside = guarded();
    const after = runnable("after", (said: string) => `${said}, and on`);
    const { result } = await on(
      orchestration("o", (o) => o.start(inside).advance(inside, after).finish(after)),
      5,
    );
    expect(await result).toBe("alarm 5, and on");
  });

  it("has to be declared among the last", () => {
    const alarm = exit("alarm", watch);
    const work = all("work", { slow, alarm });
    expect(() => orchestration("o", (o) => o.start(work).advance(work, report).finish(report))).toThrow(
      '"alarm" may end the orchestration: name it in .finish(...)',
    );
  });

  it("leads a state to a finish that has no other", async () => {
    const alarm = exit("alarm", watch, { when: (said) => said === "alarm 7" });
    const round = all("round", { alarm });
    const next = runnable("next", ({ alarm: said }: { alarm: string }) => Number(said.slice(6)) + 1);
    const flow = orchestration("watching", (o) =>
      o.start(round).advance(round, next).advance(next, round).finish(alarm),
    );
    const { result } = await on(flow, 4);
    expect(await result).toBe("alarm 7");
  });

  it("is drawn as a way to the finish", () => {
    const { graph } = guarded();
    expect(toText(graph)).toMatch(/alarm \[exit\] ◎/);
    expect(toMermaid(graph)).toMatch(/s\d+ --> finish[\s\S]*s\d+ --> finish/);
    expect(toDot(graph)).toMatch(/s\d+ -> finish[\s\S]*s\d+ -> finish/);
  });
});
