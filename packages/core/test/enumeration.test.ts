import { all, isOrchError, orchestration, type Runnable, race, runnable } from "@orch/core";
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";

const MAX_STEPS = 9;
/** Of the graphs of 4 states each n-th; smaller graphs are all taken. */
const EVERY = budget("enumeratedGraphsEvery");

/** From a state to those it leads to, in their order. */
type Edges = readonly (readonly number[])[];

/** Every set of edges (of 4 states each n-th) between `size` states, edges from a state to itself included. */
function* graphsOf(size: number): Iterable<Edges> {
  for (let bits = 0; bits < 2 ** (size * size); bits += size < 4 ? 1 : EVERY) {
    yield Array.from({ length: size }, (_, from) =>
      Array.from({ length: size }, (__, to) => to).filter((to) => (bits >> (from * size + to)) & 1),
    );
  }
}

/** The first state starts and the last finishes. Which edge is taken depends on the number that each state raises by one. */
function build(edges: Edges, visited: number[]) {
  const states = edges.map((_, index) =>
    runnable(`s${index}`, (value: number) => {
      visited.push(index);
      return value + 1;
    }),
  );
  const last = edges.length - 1;
  return orchestration(
    "graph",
    (o) => {
      let draft = o.start(states[0]!);
      edges.forEach((targets, from) => {
        const choices = targets.length + (from === last ? 1 : 0);
        targets.forEach((to, place) => {
          draft = draft.advance(states[from]!, states[to]!, { when: (value) => value % choices === place });
        });
      });
      return draft.finish(states[last]!);
    },
    { maxSteps: MAX_STEPS },
  );
}

/** The way through a graph, by plain walking. */
function walk(edges: Edges): { readonly visited: number[]; readonly end: number | string } {
  const last = edges.length - 1;
  const visited: number[] = [];
  let state = 0;
  for (let value = 1; ; value++) {
    visited.push(state);
    const targets = edges[state]!;
    const choice = value % (targets.length + (state === last ? 1 : 0));
    if (choice === targets.length) return { visited, end: value };
    if (value > MAX_STEPS) return { visited, end: "ORCH_MAX_STEPS" };
    state = targets[choice]!;
  }
}

/** The states that can be reached, by following every edge until nothing new is found. */
function reach(from: number, edges: Edges): Set<number> {
  const found = new Set([from]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const state of [...found]) for (const to of edges[state]!) found.add(to);
  }
  return found;
}

const isSound = (edges: Edges): boolean =>
  reach(0, edges).size === edges.length &&
  edges.every((_, state) => reach(state, edges).has(edges.length - 1));

/** A state without edges is in no definition: such a graph is one of fewer states. */
function hasLoneState(edges: Edges): boolean {
  return edges.some((targets, state) => {
    const isEnd = state === 0 || state === edges.length - 1;
    return !isEnd && targets.length === 0 && edges.every((others) => !others.includes(state));
  });
}

describe("every graph of up to 4 states", () => {
  it("is refused when a state cannot be reached or cannot finish, and else runs as a plain walk does", async () => {
    let sound = 0;
    let refused = 0;
    let smaller = 0;
    for (const size of [1, 2, 3, 4]) {
      for (const edges of graphsOf(size)) {
        if (hasLoneState(edges)) {
          smaller += 1;
          continue;
        }
        const visited: number[] = [];
        const flow = tryTo(() => build(edges, visited));
        if (!isSound(edges)) {
          if (!isOrchError(flow, "ORCH_INVALID_DEFINITION")) expect.unreachable(JSON.stringify(edges));
          refused += 1;
          continue;
        }
        if (flow instanceof Error) throw flow;
        const expected = walk(edges);
        const end = await flow.run(0).catch((error: { code: string }) => error.code);
        if (end !== expected.end || String(visited) !== String(expected.visited)) {
          expect({ edges, end, visited }).toEqual({ edges, ...expected });
        }
        sound += 1;
      }
    }
    figure(`${sound + refused} graphs of up to 4 states: ${sound} ran, ${refused} were refused`);

    expect(sound + refused + smaller).toBe(2 + 16 + 512 + Math.ceil(65_536 / EVERY));
  });
});

function tryTo<TValue>(make: () => TValue): TValue | Error {
  try {
    return make();
  } catch (error) {
    return error as Error;
  }
}

/** Which branch ends next, and how. */
interface Step {
  readonly branch: number;
  readonly ok: boolean;
}

/** A script of ends, and how the fan-out ends by it. */
interface Script {
  readonly steps: readonly Step[];
  readonly end: unknown;
}

type Until = "every" | "settled" | number;

/** Every order in which so many branches can end, each well or badly, until the fan-out is decided. */
function* scriptsOf(
  size: number,
  concurrency: number,
  until: Until,
  steps: readonly Step[] = [],
): Iterable<Script> {
  const end = endOf(size, until, steps);
  if (end !== undefined) {
    yield { steps, end };
    return;
  }
  const ended = new Set(steps.map(({ branch }) => branch));
  const opened = Math.min(size, concurrency + steps.length);
  for (let branch = 0; branch < opened; branch++) {
    if (ended.has(branch)) continue;
    for (const ok of [true, false]) yield* scriptsOf(size, concurrency, until, [...steps, { branch, ok }]);
  }
}

function endOf(size: number, until: Until, steps: readonly Step[]): unknown {
  const values = steps.filter(({ ok }) => ok).map(({ branch }) => branch);
  const failures = steps.length - values.length;
  if (typeof until === "number") {
    if (values.length === until) return values;
    return size - failures < until ? "ORCH_RACE_LOST" : undefined;
  }
  if (until === "every" && failures > 0) return "ORCH_RUNNABLE_FAILED";
  if (steps.length < size) return undefined;
  const inOrder = [...steps].sort((one, other) => one.branch - other.branch);
  return inOrder.map(({ branch, ok }) => (until === "every" ? branch : ok ? "completed" : "failed"));
}

async function play({ steps }: Script, size: number, concurrency: number, until: Until): Promise<unknown> {
  const doors: PromiseWithResolvers<number>[] = [];
  const branches = Object.fromEntries(
    Array.from({ length: size }, (_, index): [string, Runnable<unknown, number>] => [
      `b${index}`,
      runnable(`b${index}`, (__, ctx) => {
        const door = Promise.withResolvers<number>();
        doors[index] = door;
        ctx.signal.addEventListener("abort", () => door.reject(ctx.signal.reason));
        return door.promise;
      }),
    ]),
  );
  const fan: Runnable<unknown, unknown> =
    typeof until === "number"
      ? race("fan", branches, { first: until, concurrency })
      : until === "settled"
        ? all("fan", branches, { settled: true, concurrency })
        : all("fan", branches, { concurrency });
  const result = orchestration("flow", (o) => o.start(fan).finish(fan))
    .run(undefined)
    .then(
      (value) => plain(value, until),
      (error: { code: string }) => error.code,
    );
  await ticks();
  for (const { branch, ok } of steps) {
    if (ok) doors[branch]!.resolve(branch);
    else doors[branch]!.reject(new Error("told to"));
    await ticks();
  }
  return result;
}

function plain(value: unknown, until: Until): unknown {
  if (typeof until === "number") return value;
  const values = Object.values(value as object);
  return until === "settled" ? values.map(({ status }: { status: string }) => status) : values;
}

/** Enough turns of the microtask queue for whatever one end sets in motion. */
async function ticks(): Promise<void> {
  for (let count = 0; count < 20; count++) await Promise.resolve();
}

describe("every order in which the branches of a small fan-out can end", () => {
  it("gives what the rules say, for all, settled and races, at every concurrency", async () => {
    let count = 0;
    for (const size of [1, 2, 3, 4]) {
      const kinds: Until[] = ["every", "settled", ...Array.from({ length: size }, (_, index) => index + 1)];
      for (const until of kinds) {
        for (let concurrency = 1; concurrency <= size; concurrency++) {
          for (const script of scriptsOf(size, concurrency, until)) {
            count += 1;
            const end = await play(script, size, concurrency, until);
            if (JSON.stringify(end) === JSON.stringify(script.end)) continue;
            expect({ size, until, concurrency, script, end }).toMatchObject({ end: script.end });
          }
        }
      }
    }
    figure(`${count} orders in which up to 4 branches end`);

    expect(count).toBe(2_669);
  });
});
