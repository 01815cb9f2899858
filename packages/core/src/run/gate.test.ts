import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { all, each, orchestration, question, type Runnable, runnable, type Schema } from "../index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

/** A runnable for so many at once, whose invocations end when the test says so. */
function narrow(concurrency: number) {
  const doors = new Map<string, PromiseWithResolvers<string>>();
  const order: string[] = [];
  const aborted: string[] = [];
  let inside = 0;
  let most = 0;
  const state = runnable({
    id: "narrow",
    concurrency,
    invoke: async (name: string, ctx) => {
      order.push(name);
      if (ctx.signal.aborted) aborted.push(name);
      inside += 1;
      most = Math.max(most, inside);
      const door = Promise.withResolvers<string>();
      doors.set(name, door);
      ctx.signal.addEventListener("abort", () => door.reject(ctx.signal.reason));
      try {
        return await door.promise;
      } finally {
        inside -= 1;
      }
    },
  });
  return { state, doors, order, aborted, most: () => most, inside: () => inside };
}

describe("concurrency of a runnable", () => {
  it("holds over all runs in the process, first come, first served", async () => {
    const { state, doors, order, most } = narrow(2);
    const flow = alone(state);
    const results = ["a", "b", "c", "d"].map((name) => flow.run(name));
    await turn();
    expect(order).toEqual(["a", "b"]);
    for (const name of ["b", "a", "c", "d"]) {
      doors.get(name)!.resolve(name);
      await turn();
    }

    expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"]);
    expect(order).toEqual(["a", "b", "c", "d"]);
    expect(most()).toBe(2);
  });

  it("gives the place on when an invocation fails", async () => {
    const { state, doors } = narrow(1);
    const [first, second] = [alone(state).run("a"), alone(state).run("b")];
    await turn();
    doors.get("a")!.reject(new Error("broken"));
    await expect(first).rejects.toThrow("broken");
    await turn();
    doors.get("b")!.resolve("b");

    expect(await second).toBe("b");
  });

  it("lets a run that waits for a place be cancelled at once, and keeps its place for the next", async () => {
    const { state, doors, order } = narrow(1);
    const runs = ["a", "b", "c"].map((name) => alone(state).start(name));
    await turn();
    await runs[1]!.cancel("not needed");
    expect(runs[1]!.status).toBe("cancelled");
    doors.get("a")!.resolve("a");
    await turn();
    doors.get("c")!.resolve("c");

    expect(await runs[2]!.result).toBe("c");
    expect(order).toEqual(["a", "c"]);
  });

  it("executes none that is cancelled in the very moment its place comes", async () => {
    for (let ticks = 0; ticks < 12; ticks++) {
      const { state, doors, aborted, inside } = narrow(1);
      const runs = ["a", "b", "c"].map((name) => alone(state).start(name));
      await turn();
      doors.get("a")!.resolve("a");
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      await runs[1]!.cancel();
      await turn();
      doors.get("c")!.resolve("c");

      expect(await runs[2]!.result).toBe("c");
      expect(aborted).toEqual([]);
      expect(inside()).toBe(0);
    }
  });

  it("holds within a fan-out, beside the fan-out's own", async () => {
    const { state, doors, most } = narrow(1);
    const result = alone(each("fan", state, { concurrency: 3 })).run(["a", "b", "c"]);
    for (const name of ["a", "b", "c"]) {
      while (!doors.has(name)) await turn();
      doors.get(name)!.resolve(name);
    }

    expect(await result).toEqual(["a", "b", "c"]);
    expect(most()).toBe(1);
  });

  it("frees the place while a failed attempt waits for the next", async () => {
    const clock = manualClock();
    const order: string[] = [];
    const state = runnable({
      id: "state",
      concurrency: 1,
      retry: { attempts: 2, firstDelay: 100, jitter: false },
      invoke: (name: string, { attempt }) => {
        order.push(`${name}${attempt}`);
        if (attempt === 1 && name === "a") throw new Error("no");
        return name;
      },
    });
    const results = ["a", "b"].map((name) => alone(state).run(name, { clock }));
    await clock.advance(100);

    expect(await Promise.all(results)).toEqual(["a", "b"]);
    expect(order).toEqual(["a1", "b1", "a2"]);
  });

  it("counts its timeout from when it has its place", async () => {
    const clock = manualClock();
    const state = runnable({
      id: "state",
      concurrency: 1,
      timeout: 100,
      invoke: (ms: number) => new Promise<number>((resolve) => clock.after(ms, () => resolve(ms))),
    });
    const results = [80, 90].map((ms) => alone(state).run(ms, { clock }));
    await clock.advance(200);

    expect(await Promise.all(results)).toEqual([80, 90]);
  });

  /** Asks for each name, one at a time. */
  function asking() {
    const approve = runnable({
      id: "approve",
      concurrency: 1,
      invoke: async (name: string, { ask }) => `${name}: ${await ask({ prompt: name, answer: anything })}`,
    });
    return alone(each("all", approve));
  }

  it("lets a run ask all its questions at once, because who asks gives the place back", async () => {
    const run = asking().start(["a", "b"]);
    await turn();
    expect(run.status).toBe("waiting");
    expect(run.questions).toHaveLength(2);
    await run.answer(run.questions[0]!.id, "yes");
    await turn();
    expect(run.status).toBe("waiting");
    await run.answer(run.questions[0]!.id, "no");

    expect(await run.result).toEqual(["a: yes", "b: no"]);
  });

  it("fails such a run where nobody can answer", async () => {
    const failed = asking().run(["a", "b"]);

    await expect(failed).rejects.toMatchObject({ cause: { code: "ORCH_UNATTENDED" } });
  });

  it("lets a run go on that asks, and waits for the place of another run", async () => {
    const { state, doors } = narrow(1);
    const other = alone(state).run("other");
    const q = question<string>("q", { ask: "Well?", answer: anything });
    const run = alone(all("both", { q, state })).start("own");
    await turn();
    expect(run.status).toBe("queued");
    doors.get("other")!.resolve("done");
    await turn();
    doors.get("own")!.resolve("done too");
    await turn();
    expect(run.status).toBe("waiting");
    await run.answer(run.questions[0]!.id, 7);

    expect(await run.result).toEqual({ q: 7, state: "done too" });
    expect(await other).toBe("done");
  });

  it("is refused with none", () => {
    expect(() => alone(narrow(0).state)).toThrow('The concurrency of "narrow" is 0');
  });
});
