/** One orchestration of every kind, small and with time in it, for tests that disturb runs. */
import {
  all,
  background,
  type Clock,
  choose,
  collect,
  each,
  exit,
  items as itemsOf,
  type Orchestration,
  orchestration,
  question,
  type Runnable,
  race,
  runnable,
  type Schema,
  sharedState,
  sleep,
} from "@orch/core";

/** Takes any answer. */
export const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

type Flow = Orchestration<number, unknown>;

const alone = <TInput, TOutput>(only: Runnable<TInput, TOutput>): Orchestration<TInput, TOutput> =>
  orchestration("alone", (o) => o.start(only).finish(only));

/** Every kind of orchestration by name; its leaves take their time on `clock`. */
export function sampleFlows(clock: Clock): { readonly [name: string]: Flow } {
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(ms, () => {
        signal.removeEventListener("abort", stop);
        resolve();
      });
      const stop = (): void => {
        cancel();
        reject(signal.reason);
      };
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  const work = runnable("work", async (n: number, { signal }) => {
    await wait(n, signal);
    return n + 1;
  });
  const quick = runnable("quick", async (n: number) => n + 1);
  const flaky = runnable({
    id: "flaky",
    retry: { attempts: 3, firstDelay: 20, jitter: false },
    timeout: 15,
    invoke: async (n: number, { attempt, signal }) => {
      await wait(attempt === 1 ? 100 : 5, signal);
      if (attempt < 3) throw new Error("not yet");
      return n;
    },
  });
  const deaf = runnable(
    "deaf",
    (n: number) => new Promise<number>((resolve) => clock.after(30, () => resolve(n))),
  );
  const narrow = runnable({ id: "narrow", concurrency: 1, invoke: work.invoke });
  const ask = question("ask", { ask: (n: number) => n, answer: anything, timeout: 500 });
  const asks = runnable("asks", async (n: number, ctx) => {
    const kept = await ctx.once("kept", () => n);
    return [kept, await ctx.ask({ prompt: n, answer: anything })];
  });
  const nap = sleep<number>("nap", 40);
  const memory = sharedState("memory", { sum: { start: 0, reduce: (one, other) => one + other } });
  const adds = runnable("adds", async (n: number, ctx) => {
    ctx.spend({ inputTokens: 1 });
    await wait(n, ctx.signal);
    ctx.state(memory).add("sum", n);
    return ctx.state(memory).get("sum");
  });
  const broken = runnable("broken", async (n: number, { signal }): Promise<number> => {
    await wait(n, signal);
    throw new Error("told to");
  });
  const items = runnable("items", (n: number) => [n, n + 1, n + 2]);
  const over = (fan: Runnable<readonly number[], unknown>): Flow =>
    orchestration("over", (o) => o.start(items).advance(items, fan).finish(fan));
  const rescued = orchestration("rescued", (o) =>
    o
      .start(broken)
      .catch(broken, work, { convert: (_error, n) => n })
      .advance(broken, work)
      .finish(work),
  );
  const looping = orchestration("looping", (o) =>
    o
      .start(work)
      .advance(work, work, { when: (n) => n < 9 })
      .finish(work),
  );
  const limited = orchestration("limited", (o) => o.start(nap).finish(nap), { deadline: 25 });
  const dear = orchestration("dear", (o) => o.start(adds).finish(adds), { budget: { maxTokens: 1 } });
  const byHand = runnable("byHand", (n: number, ctx) => each("hand", work).invoke([n, n + 1], ctx));
  const rest = each("rest", rescued, { first: 1, rest: "background" });
  const late = collect("late", rest);
  const child = background("child", asks);
  const more = itemsOf<number>("more");
  const growing = runnable("growing", async (n: number, ctx) => {
    // Those that it finds are added before it goes on and after that.
    if (n < 5) more.add(ctx, n + 3, { key: String(n + 3) });
    await wait(n, ctx.signal);
    if (n < 7) more.add(ctx, n + 2, { key: String(n + 2) });
    return n;
  });
  const alarm = exit("alarm", rescued, { when: () => true });
  const watched = all("watched", { alarm, ask, late: nap });
  return {
    steps: orchestration("steps", (o) => o.start(work).advance(work, quick).advance(quick, nap).finish(nap)),
    each: over(each("each", work, { concurrency: 2 })),
    settled: over(each("settled", rescued, { settled: true })),
    all: alone(all("all", { work, nap, flaky }, { when: { nap: (n) => n > 0 } })),
    race: alone(race("race", { deaf, work, ask, nap })),
    quorum: alone(race("quorum", { broken, work, nap }, { first: 2 })),
    some: over(each("some", work, { first: 2, concurrency: 2 })),
    enough: over(each("enough", work, { enough: ({ values }) => values.length === 2, follow: quick })),
    follows: over(each("follows", work, { concurrency: 2, follow: asks })),
    grows: over(each("grows", growing, { items: more, concurrency: 2 })),
    growsOnAndFollows: over(
      each("both", growing, { items: more, follow: ask, first: 4, rest: "background" }),
    ),
    left: orchestration("left", (o) =>
      o
        .start(items)
        .advance(items, rest)
        .advance(rest, nap, { convert: ([n]) => n! })
        .advance(nap, late)
        .finish(late),
    ),
    abandoned: orchestration("abandoned", (o) => o.start(child).advance(child, quick).finish(quick)),
    exits: orchestration("exits", (o) => o.start(watched).finish(watched, alarm)),
    choose: alone(choose("choose", (n: number) => (n > 100 ? work : looping))),
    question: alone(ask),
    asks: alone(asks),
    retry: alone(flaky),
    deaf: alone(deaf),
    narrow: over(each("narrows", narrow)),
    failing: over(each("failing", broken)),
    deadline: over(each("late", limited)),
    budget: over(each("spending", adds)),
    dear: over(each("dears", dear)),
    rescued,
    looping,
    byHand: alone(byHand),
    nested: over(each("outer", alone(all("inner", { looping, flaky, asks })))),
  };
}
