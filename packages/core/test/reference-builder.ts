/** Builds for the engine what the reference interpreter reads. */
import {
  all,
  background,
  blueprint,
  type Clock,
  type ConditionWait,
  choose,
  collect,
  dossier,
  each,
  exit,
  type FanOutProgress,
  type Items,
  items,
  type Orchestration,
  OrchestrationAdvancer,
  orchestration,
  question,
  type RunContext,
  type Runnable,
  race,
  runnable,
  type Schema,
  type Settled,
  type SignalKind,
  sharedState,
  signal,
  sleep,
  until,
} from "@orch/core";
import { type Flow, MAX_STEPS, PAUSE, timeOf, waitOf } from "./reference-interpreter.ts";

type AnyFlow = Runnable<number, number>;

/** What a question asks: whoever answers takes this long, and gives `input * 5 % 97`. */
export interface Asked {
  readonly input: number;
  readonly takes: number;
}

/** A state that takes no time, and fails while a test says that it is broken. */
function step<TInput, TOutput>(
  id: string,
  makes: (input: TInput, ctx: RunContext) => TOutput,
): Runnable<TInput, TOutput> {
  return runnable(id, (input: TInput, ctx) => {
    if (broken.is(ctx.runId, ctx.path)) throw new Error("broken");
    return makes(input, ctx);
  });
}

const same = (id: string): AnyFlow => step(id, (value: number) => value);
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) % 97;
const worth = (one: Settled<number>): number => (one.status === "completed" ? one.value : 1);
const anyNumber: Schema<number> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as number }) },
};

/** Waits that last equally long share a kind: their signals come in the order in which they began. */
const kinds = new Map<number, SignalKind<number, unknown>>();

/** The kind of signal that comes so long after a state waits for it. */
export function signalAfter(takes: number): SignalKind<number, unknown> {
  const kind = kinds.get(takes) ?? signal(String(takes), anyNumber);
  kinds.set(takes, kind);
  return kind;
}

/** With a timeout or without. */
type Held = { readonly signal: SignalKind<number, unknown>; readonly timeout: number };

/** Builds a flow whose leaves take their time on `clock`. */
export function build(flow: Flow, name: string, clock: Clock): AnyFlow {
  const part = (one: Flow, id: string): AnyFlow => build(one, id, clock);
  switch (flow.kind) {
    case "leaf":
      return leaf(flow, name, clock);
    case "sleep":
      return sleep(name, (input: number) => timeOf(flow.takes, input));
    case "question":
      if (flow.byRunnable === true) return asking(flow.takes, name);
      return question(name, {
        ask: (input: number): Asked => ({ input, takes: flow.takes }),
        answer: anyNumber,
      });
    case "wait":
      return orchestration(name, (o) => {
        const [, patience] = waitOf(flow);
        const timeout = Number.isFinite(patience) ? { timeout: patience } : {};
        const hold = until<number>("hold", { signal: signalAfter(flow.takes), ...timeout } as Held);
        const end = step("end", (value: number) => value % 97);
        return o
          .start(hold)
          .advance(hold, end, { convert: (came, input) => (came.by === "signal" ? input * 5 : input) })
          .finish(end);
      });
    case "sequence":
      return sequence(flow, name, part);
    case "each":
      return orchestration(name, (o) => {
        const split = step("split", (value: number) =>
          Array.from({ length: value % 5 }, (_, index) => value + index),
        );
        const branch = part(flow.branch, "branch");
        const { concurrency } = flow;
        if (flow.settled) {
          const fan = each("fan", branch, { concurrency, settled: true });
          const join = step("join", (ends: readonly Settled<number>[]) => total(ends.map(worth)));
          return o.start(split).advance(split, fan).advance(fan, join).finish(join);
        }
        const fan = each("fan", branch, { concurrency });
        const join = step("join", total);
        return o.start(split).advance(split, fan).advance(fan, join).finish(join);
      });
    case "some":
      return orchestration(name, (o) => {
        const split = step("split", (value: number) =>
          Array.from({ length: value % 5 }, (_, index) => value + index),
        );
        const { concurrency, enough } = flow;
        const early =
          "first" in enough
            ? { first: enough.first }
            : {
                enough: ({ values }: FanOutProgress<number>) =>
                  values.length > 0 && total(values) % enough.divisor === 0,
              };
        const fan = each("fan", part(flow.branch, "branch"), { concurrency, ...early });
        const join = step("join", total);
        return o.start(split).advance(split, fan).advance(fan, join).finish(join);
      });
    case "followed":
      return orchestration(name, (o) => {
        const split = step("split", (value: number) =>
          Array.from({ length: value % 5 }, (_, index) => value + index),
        );
        const { concurrency } = flow;
        const follow = part(flow.after, "after");
        const branch = part(flow.branch, "branch");
        if (flow.settled) {
          const fan = each("fan", branch, { concurrency, follow, settled: true });
          const join = step("join", (ends: readonly Settled<number>[]) => total(ends.map(worth)));
          return o.start(split).advance(split, fan).advance(fan, join).finish(join);
        }
        const fan = each("fan", branch, { concurrency, follow });
        const join = step("join", total);
        return o.start(split).advance(split, fan).advance(fan, join).finish(join);
      });
    case "grown":
      return orchestration(name, (o) => {
        const more = items<number>("more");
        const split = step("split", (value: number) => [value]);
        const branch = adding(flow, part(flow.body, "body"), more);
        const { concurrency } = flow;
        if (flow.settled) {
          const fan = each("fan", branch, { concurrency, items: more, settled: true });
          const join = step("join", (ends: readonly Settled<number>[]) => total(ends.map(worth)));
          return o.start(split).advance(split, fan).advance(fan, join).finish(join);
        }
        const fan = each("fan", branch, { concurrency, items: more });
        const join = step("join", total);
        return o.start(split).advance(split, fan).advance(fan, join).finish(join);
      });
    case "adding":
      throw new TypeError("A branch that adds items is built with its list.");
    case "met":
      return orchestration(name, (o) => {
        const open = step(
          "open",
          (value: number, { path }): Asking => ({
            value,
            token: `${path.slice(0, path.lastIndexOf("/"))}/fan#1`,
          }),
        );
        const timeout = flow.patience === undefined ? {} : { timeout: flow.patience * 97 + 13 };
        const when: ConditionWait<Asking>["when"] = ({ token }, ctx) =>
          ctx.state(voted).get("by")[token] === true;
        const hold = until<Asking>("hold", { when, ...timeout } as AskingWait);
        const work = voting(part(flow.work, "flow"));
        const fan = all("fan", { hold, work });
        const join = step("join", (ends: { hold: { by: string }; work: number }) =>
          total([ends.work, ends.hold.by === "condition" ? 1 : 0]),
        );
        return o.start(open).advance(open, fan).advance(fan, join).finish(join);
      });
    case "exit":
      return orchestration(name, (o) => {
        const { divisor } = flow;
        const stop = exit("stop", part(flow.second, "second"), { when: (value) => value % divisor === 0 });
        const fan = all("fan", { first: part(flow.first, "first"), stop });
        const join = step("join", (ends: { first: number; stop: number }) => total([ends.first, ends.stop]));
        return o.start(fan).advance(fan, join).finish(join, stop);
      });
    case "stop":
      throw new TypeError("A branch that ends the whole is built with it.");
    case "left":
      return orchestration(name, (o) => {
        const split = step("split", (value: number) =>
          Array.from({ length: value % 5 }, (_, index) => value + index),
        );
        const { concurrency, first } = flow;
        const fan = each("fan", part(flow.branch, "branch"), { concurrency, first, rest: "background" });
        const late = collect("late", fan);
        const join = step("join", total);
        return o
          .start(split)
          .advance(split, fan)
          .advance(fan, late)
          .advance(late, join, { convert: (results, came) => [...(came as number[]), ...results.map(worth)] })
          .finish(join);
      });
    case "child":
      return orchestration(name, (o) => {
        const back = background("back", part(flow.child, "child"));
        const work = part(flow.work, "work");
        const late = collect("late", back);
        const join = step("join", total);
        return o
          .start(back)
          .advance(back, work)
          .advance(work, late)
          .advance(late, join, { convert: (value, input) => [input as number, value] })
          .finish(join);
      });
    case "all":
      return orchestration(name, (o) => {
        const branches = { first: part(flow.first, "first"), second: part(flow.second, "second") };
        const when = { second: (value: number) => value % flow.unless !== 0 };
        if (flow.settled) {
          const fan = all("fan", branches, { when, settled: true });
          const join = step(
            "join",
            ({ first, second }: { first: Settled<number>; second?: Settled<number> }) =>
              total([worth(first), second === undefined ? 0 : worth(second)]),
          );
          return o.start(fan).advance(fan, join).finish(join);
        }
        const fan = all("fan", branches, { when });
        const join = step("join", ({ first, second = 0 }: { first: number; second?: number }) =>
          total([first, second]),
        );
        return o.start(fan).advance(fan, join).finish(join);
      });
    case "race":
      return orchestration(name, (o) => {
        const branches = Object.fromEntries(
          flow.branches.map((one, index) => [`b${index}`, part(one, `s${index}`)]),
        );
        const { first, concurrency } = flow;
        const fan = race("fan", branches, { first, concurrency });
        const join = step("join", (values: readonly number[]) =>
          total(values.map((value, place) => value * (first - place))),
        );
        return o.start(fan).advance(fan, join).finish(join);
      });
    case "choose": {
      const [odd, even] = [part(flow.odd, "odd"), part(flow.even, "even")];
      if (flow.named === true) {
        const candidates = { odd: (_: number) => odd, even: { to: even, convert: (value: number) => value } };
        return choose(name, candidates, (value: number) => (value % 2 === 1 ? "odd" : "even"));
      }
      return choose(name, (value: number) => (value % 2 === 1 ? odd : even));
    }
    case "made":
      return madeOnTheWay(flow, name, part);
    case "loop":
      return orchestration(
        name,
        (o) => {
          const inner = part(flow.body, "inner");
          const body = choose("body", (_: number) => inner, { maxVisits: flow.maxVisits });
          return o
            .start(body)
            .advance(body, body, { when: (value) => value % flow.until !== 0 })
            .finish(body);
        },
        { maxSteps: MAX_STEPS },
      );
    case "rerun":
      return orchestration(name, (o) => {
        const work = runnable({
          id: "work",
          rerun: { attempts: flow.attempts },
          invoke: (input: number, { visit }) => input + visit,
        });
        const end = step("end", (value: number) => value % 97);
        return o
          .start(work)
          .advance(work, end, { when: (value) => value % flow.until === 0 })
          .finish(end);
      });
    case "rescue":
      return orchestration(name, (o) => {
        const body = part(flow.body, "body");
        const other = part(flow.other, "other");
        return o
          .start(body)
          .catch(body, other, { convert: (_error, input) => input })
          .finish(body, other);
      });
  }
}

/** What a wait for a condition is about: votes are for the fan-out that it stands in. */
interface Asking {
  readonly value: number;
  readonly token: string;
}

/** With a timeout or without. */
type AskingWait = ConditionWait<Asking> & { readonly timeout: number };

/** The fan-outs whose flow has ended. */
const voted = sharedState("voted", {
  by: {
    start: {} as { readonly [token: string]: true },
    reduce: (all: { readonly [token: string]: true }, more: { readonly [token: string]: true }) => ({
      ...all,
      ...more,
    }),
  },
});

/** A flow that votes at its end. */
function voting(flow: AnyFlow): Runnable<Asking, number> {
  return orchestration("work", (o) => {
    const unpack = step("unpack", ({ value }: Asking) => value);
    const vote = step("vote", (value: number, ctx) => {
      ctx.state(voted).add("by", { [ctx.path.slice(0, ctx.path.lastIndexOf("[work]"))]: true });
      return value;
    });
    return o.start(unpack).advance(unpack, flow).advance(flow, vote).finish(vote);
  });
}

/** A flow that adds the next two lower numbers to the list around it, before or after it. */
function adding(flow: Extract<Flow, { kind: "grown" }>, body: AnyFlow, more: Items<number>): AnyFlow {
  // A fan-out takes over what its branches added, so a flow inside of this one has another dossier.
  const desk = dossier<{ item: number }>(`more ${JSON.stringify(flow)}`);
  const addTo = (ctx: RunContext, item: number): void => {
    for (const by of [1, 2]) if (item % 5 >= by) more.add(ctx, item - by, { key: String(item - by) });
  };
  return orchestration("branch", (o) => {
    if (!flow.late) {
      const add = step("add", (item: number, ctx) => {
        addTo(ctx, item);
        return item;
      });
      return o.start(add).advance(add, body).finish(body);
    }
    const take = same("take");
    const add = step("add", (value: number, ctx) => {
      addTo(ctx, desk.of(ctx).get("item"));
      return value;
    });
    return o
      .start(take)
      .advance(take, body, { add: desk.add((item: number) => ({ item })) })
      .advance(body, add)
      .finish(add);
  });
}

/** A state that is made of the output of the first, and a dossier that has that output. */
function madeOnTheWay(
  flow: Extract<Flow, { kind: "made" }>,
  name: string,
  part: (one: Flow, id: string) => AnyFlow,
): AnyFlow {
  // No flow is inside of itself, so no other one between its edges adds to this dossier.
  const desk = dossier<{ value: number }>(`desk ${JSON.stringify(flow)}`);
  const made = blueprint("made", ({ isOdd }: { readonly isOdd: boolean }) =>
    part(isOdd ? flow.odd : flow.even, isOdd ? "odd" : "even"),
  );
  class ToMade extends OrchestrationAdvancer<number, number> {
    override readonly targets = [made];
    override readonly add = desk.add((value: number) => ({ value }));
    override convertOutput(value: number): number {
      return value;
    }
    override getNextRunnable(value: number): AnyFlow {
      return made({ isOdd: value % 2 === 1 });
    }
  }
  return orchestration(name, (o) => {
    const [first, end] = [same("first"), same("end")];
    return o
      .start(first)
      .advanceBy(first, new ToMade())
      .advance(made, end, {
        convert: (value, input, place) => total([value, input, desk.of(place).get("value")]),
      })
      .finish(end);
  });
}

function sequence(
  { steps }: Extract<Flow, { kind: "sequence" }>,
  name: string,
  part: (one: Flow, id: string) => AnyFlow,
): AnyFlow {
  return orchestration(name, (o) => {
    const [first, last] = [same("first"), same("last")];
    let draft = o.start(first);
    let open: AnyFlow[] = [first];
    steps.forEach(({ flow, unless }, index) => {
      const state = part(flow, `s${index}`);
      const gate = same(`g${index}`);
      for (const from of open) draft = draft.advance(from, gate);
      if (unless === undefined) {
        draft = draft.advance(gate, state);
        open = [state];
      } else {
        draft = draft.advance(gate, state, { when: (value) => value % unless !== 0 });
        open = [state, gate];
      }
    });
    for (const from of open) draft = draft.advance(from, last);
    return draft.finish(last);
  });
}

function leaf(flow: Extract<Flow, { kind: "leaf" }>, name: string, clock: Clock): AnyFlow {
  const compute = (input: number): number => {
    if (flow.failsOn !== undefined && input % flow.failsOn === 0) throw new Error("told to fail");
    return (input * flow.times + flow.plus) % 97;
  };
  if (flow.takes === 0) return atOnce(flow, name, compute);
  return runnable(name, async (input: number, { signal }) => {
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.after(timeOf(flow.takes, input), resolve);
      signal.addEventListener("abort", () => {
        cancel();
        reject(signal.reason);
      });
    });
    return compute(input);
  });
}

/** A runnable that asks, and does nothing else. */
function asking(takes: number, name: string): AnyFlow {
  return runnable(name, (input: number, ctx) =>
    ctx.ask({ prompt: { input, takes } satisfies Asked, answer: anyNumber }),
  );
}

/** What the leaves add. */
const added = sharedState("added", {
  total: { start: 0, reduce: (all: number, more: number) => (all + more) % 97 },
});

/** The paths of leaves that fail whatever they are given, by run. */
export type Broken = (runId: string, path: string) => boolean;

/** A leaf that takes no time, but for pauses between its attempts. */
function atOnce(
  { retries = 0, notes = false }: Extract<Flow, { kind: "leaf" }>,
  name: string,
  compute: (input: number) => number,
): AnyFlow {
  return runnable({
    id: name,
    ...(retries > 0 && {
      retry: {
        attempts: retries + 1,
        firstDelay: PAUSE,
        jitter: false,
        when: (error) => error instanceof RangeError,
      },
    }),
    invoke: (input: number, ctx) => {
      if (broken.is(ctx.runId, ctx.path)) throw new Error("broken");
      if (ctx.attempt <= retries) throw new RangeError("not yet");
      const value = compute(input);
      if (notes) ctx.state(added).add("total", input);
      return value;
    },
  });
}

/** Which leaves are broken now; a test sets it. */
export const broken: { is: Broken } = { is: () => false };

/** A run of a flow, and at its end what its leaves added to shared state. */
export function tallied(flow: Flow, clock: Clock): Orchestration<number, number> {
  return orchestration("root", (o) => {
    const only = build(flow, "flow", clock);
    const tally = step("tally", (value: number, ctx) => value + 97 * ctx.state(added).get("total"));
    return o.start(only).advance(only, tally).finish(tally);
  });
}
