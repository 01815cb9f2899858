import { describe, expect, it } from "vitest";
import {
  choose,
  each,
  type OrchestrationEvent,
  orchestration,
  type Runnable,
  race,
  runnable,
} from "../index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

const double = runnable("double", async (n: number) => n * 2);
const negate = runnable("negate", (n: number) => -n);

describe("choose", () => {
  it("enters the runnable that its factory gives for this input", async () => {
    const flow = alone(choose("pick", (n: number) => (n > 10 ? double : negate)));

    expect(await flow.run(11)).toBe(22);
    expect(await flow.run(3)).toBe(-3);
  });

  it("names the chosen runnable in the paths, and says what it is", async () => {
    const run = alone(choose("pick", () => double)).start(4);
    const started: string[] = [];
    for await (const event of run.events()) {
      if (event.type === "state.started") started.push(`${event.kind} ${event.path}`);
    }

    expect(started).toEqual(["choose flow/pick#1", "runnable flow/pick#1/double#1"]);
  });

  it("makes fan-outs, races, choices and orchestrations", async () => {
    const machine = orchestration("machine", (o) => o.start(double).advance(double, negate).finish(negate));
    const fan = each("fan", double);
    const some = race("some", { double });
    const again = choose("again", () => machine);
    const made: { readonly [kind: string]: Runnable<never, unknown> } = { machine, fan, some, again };
    const pick = choose<{ kind: string }, unknown>("pick", ({ kind }) => {
      const input = kind === "fan" ? [1, 2] : 3;
      const first = runnable("first", () => input);
      return orchestration("with", (o) =>
        o
          .start(first)
          .advance(first, made[kind] as Runnable<unknown, unknown>)
          .finish(made[kind]!),
      );
    });
    const flow = alone(pick);

    expect(await flow.run({ kind: "machine" })).toBe(-6);
    expect(await flow.run({ kind: "fan" })).toEqual([2, 4]);
    expect(await flow.run({ kind: "some" })).toBe(6);
    expect(await flow.run({ kind: "again" })).toBe(-6);
  });

  it.each([
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["a text", "double", "string(6)"],
    ["a function", () => 1, "function"],
    ["an object without invoke", { id: "x" }, "{ id: string }"],
    ["an object whose invoke is no function", { id: "x", invoke: 1 }, "{ id: string, invoke: number }"],
    ["an object whose id is no text", { id: 1, invoke: () => 1 }, "{ id: number, invoke: function }"],
    ["a promise", Promise.resolve(double), "{  }"],
  ])("fails when its factory gives %s, and says what it was", async (_what, given, shape) => {
    const flow = alone(choose("pick", () => given as never));

    await expect(flow.run(1)).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      facts: { path: "flow/pick#1", input: 1 },
      cause: {
        code: "ORCH_FATAL",
        message: expect.stringContaining(`gave ${shape}, and has to give a runnable`),
      },
    });
  });

  it("fails when its factory throws, and when what it chose fails", async () => {
    const broken = alone(
      choose("pick", (): typeof double => {
        throw new Error("no idea");
      }),
    );
    const bad = runnable("bad", (_: number): number => {
      throw new Error("bad luck");
    });

    await expect(broken.run(1)).rejects.toThrow("no idea");
    await expect(alone(choose("pick", () => bad)).run(1)).rejects.toMatchObject({
      facts: { path: "flow/pick#1/bad#1" },
    });
  });

  it.each([
    [
      "a fan-out that opens no branch",
      () => each("still", double, { concurrency: 0 }),
      'concurrency of "still" is 0',
    ],
    ["a race of nobody", () => race("none", {}), 'The race "none" waits for 1 of 0 branches'],
    ["an id that breaks paths", () => runnable("a/b", () => 1), '"a/b" cannot be an id'],
  ])("refuses %s as the builder of an orchestration does", async (_what, make, says) => {
    const flow = alone(choose<number[], unknown>("pick", () => make() as Runnable<unknown, unknown>));

    await expect(flow.run([1])).rejects.toThrow(says);
  });

  it("ends a choice that chooses itself for ever", async () => {
    const self: Runnable<number, number> = choose("self", () => self);

    await expect(alone(self).run(1)).rejects.toThrow('The factory of "self" gave a choice 100 times over');
  });

  it("ends a choice that comes back to itself through an orchestration, with one end of the run", async () => {
    const self: Runnable<number, number> = choose("self", (_: number) =>
      orchestration("around", (o) => o.start(self).finish(self)),
    );
    const run = alone(self).start(1);
    const events: OrchestrationEvent[] = [];
    for await (const event of run.events()) events.push(event);

    await expect(run.result).rejects.toThrow("times over");
    expect(events.at(-1)?.type).toBe("run.failed");
  });

  it("goes as deep as an input needs", async () => {
    const sum: Runnable<number, number> = choose("sum", (n: number) => {
      if (n === 0) return runnable("zero", () => 0);
      const less = runnable("less", (m: number) => m - 1);
      const add = runnable("add", (rest: number) => rest + n);
      return orchestration("more", (o) => o.start(less).advance(less, sum).advance(sum, add).finish(add));
    });

    expect(await alone(sum).run(40)).toBe(820);
  });

  it("takes maxVisits and rerun like every state", async () => {
    let seen = 0;
    const pick = choose(
      "pick",
      () =>
        runnable("count", (n: number) => {
          seen += 1;
          return n + seen;
        }),
      {
        rerun: { attempts: 3 },
      },
    );
    const end = runnable("end", (n: number) => n);
    const flow = orchestration("flow", (o) =>
      o
        .start(pick)
        .advance(pick, end, { when: () => seen === 3 })
        .finish(end),
    );

    expect(await flow.run(10)).toBe(13);
  });
});
