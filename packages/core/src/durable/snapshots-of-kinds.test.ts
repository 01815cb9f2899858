/** Snapshots of every kind of run: what is taken up at each question by one goes as what is taken up from its beginning. */
import { describe, expect, it } from "vitest";
import { manualClock } from "../../../testing/src/clock/manual-clock.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { blueprint } from "../define/blueprint.ts";
import {
  type AnyRunnable,
  all,
  background,
  choose,
  circuit,
  collect,
  dossier,
  each,
  exit,
  FatalError,
  items,
  type OpenQuestion,
  type Orchestration,
  OrchestrationAdvancer,
  orchestration,
  question,
  type Run,
  type Runnable,
  runnable,
  type Schema,
  type Settled,
} from "../index.ts";
import { DurableHost } from "./durable-host.ts";
import { memoryStore } from "./memory-store.ts";

const anything: Schema<string> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as string }) },
};

/** A question with this id. */
const ask = (id: string) => question<unknown, string>(id, { ask: (about) => ({ about }), answer: anything });
const say = (id: string, words: string) => runnable(id, (_: unknown) => words);

/** A state that asks so often, with what is done between the questions. */
const flowOf = (id: string, only: unknown, options = {}): Orchestration<never, unknown> =>
  orchestration(id, (o) => o.start(only as Runnable<unknown, unknown>).finish(only as AnyRunnable), options);

/** A chat: each turn begins something in the background, which asks too; after three turns it takes what came. */
function chat(): Orchestration<never, unknown> {
  const turn = ask("turn");
  const check = orchestration<string, string>("check", (o) => {
    const sure = ask("sure");
    const told = runnable("told", (answer: string) => {
      if (answer.includes("sure#2")) throw new RangeError("it is not");
      return `checked ${answer}`;
    });
    return o.start(sure).advance(sure, told).finish(told);
  });
  const aside = background("aside", check);
  const some = each("some", ask("vote"), { first: 1, rest: "background" });
  const count = runnable("count", (_: unknown, ctx) => Number(/#(\d+)$/.exec(ctx.path)![1]));
  const votes = collect("votes", some);
  const checked = collect("checked", aside);
  const stopped = collect("stopped", aside, { stop: true });
  return orchestration<string, unknown>("chat", (o) =>
    o
      .start(turn)
      .advance(turn, aside)
      .advance(aside, some, { convert: () => ["a", "b", "c"] })
      .advance(some, count)
      .advance(count, turn, { when: (turns) => turns < 3, convert: (turns) => `turn ${turns}` })
      .advance(count, checked, { convert: () => undefined })
      .catch(checked, votes, { convert: () => undefined })
      .advance(checked, votes)
      .advance(votes, stopped)
      .finish(stopped),
  ) as Orchestration<never, unknown>;
}

/** A loop whose states are made on the way, each of what the one before was told. */
function makes(): Orchestration<never, unknown> {
  interface Topic {
    readonly name: string;
    readonly left: number;
  }
  const read = runnable("read", (topic: Topic) => topic);
  const talk = blueprint("talk", ({ name, left }: Topic) =>
    orchestration<string, Topic>("talking", (o) => {
      const asked = ask("asked");
      const next = runnable(
        "next",
        (answer: string): Topic => ({ name: `${name}, ${answer}`, left: left - 1 }),
      );
      return o.start(asked).advance(asked, next).finish(next);
    }),
  );
  const last = blueprint("last", ({ name }: Topic) =>
    question<string, string>("over", { ask: () => name, answer: anything }),
  );
  class Next extends OrchestrationAdvancer<Topic, string> {
    override readonly targets = [talk, last];
    override convertOutput({ name }: Topic): string {
      return `about ${name}`;
    }
    override getNextRunnable(topic: Topic) {
      return topic.left > 0 ? talk(topic) : last(topic);
    }
  }
  return orchestration("makes", (o) =>
    o
      .start(read)
      .advanceBy(read, new Next())
      .advanceBy(talk as never, new Next() as never)
      .finish(last as never),
  ) as never;
}

const dies = (id: string, until: () => boolean) =>
  runnable(id, (item: unknown) => {
    if (until()) throw new FatalError("the account is empty");
    return `paid ${item}`;
  });

let isEmpty = true;

/** Branches that cannot go on until a person has chosen, and ask after that. */
function pays(): Orchestration<never, unknown> {
  const branch = orchestration<number, string>("branch", (o) => {
    const pay = dies("pay", () => isEmpty);
    const asked = ask("asked");
    return o.start(pay).advance(pay, asked).finish(asked);
  });
  return flowOf("pays", each("all", branch, { settled: true, concurrency: 2 }), { onTerminal: circuit() });
}

/** A fan-out that begins nothing more, while somebody is asked in it, and what comes after it. */
function halts(): Orchestration<never, unknown> {
  const branches = {
    first: ask("first"),
    dead: dies("dead", () => true),
    second: ask("second"),
    third: ask("third"),
  };
  const fan = all("fan", branches, { settled: true, concurrency: 2 });
  const after = ask("after");
  return orchestration<unknown, unknown>("halts", (o) =>
    o.start(fan).catch(fan, after).advance(fan, after).finish(after),
  ) as never;
}

/** Items are added while people are asked, and each result is asked about once more. */
function grows(): Orchestration<never, unknown> {
  const more = items<string>("more");
  const visit = orchestration<string, string>("visit", (o) => {
    const asked = ask("asked");
    const add = runnable("add", (answer: string, ctx) => {
      if (/\[[0-2]\]/.test(ctx.path)) more.add(ctx, `${ctx.path}`, { key: answer });
      return answer;
    });
    return o.start(asked).advance(asked, add).finish(add);
  });
  const taken = orchestration<string, string>("taken", (o) => {
    const fine = ask("fine");
    const told = runnable("told", (answer: string, ctx) => {
      if (ctx.path.includes("[1]")) throw new TypeError("not fine");
      return `${answer}!`;
    });
    return o.start(fine).advance(fine, told).finish(told);
  });
  return flowOf("grows", each("each", visit, { items: more, follow: taken, settled: true, concurrency: 2 }));
}

/** What edges of branches add is put together by rules, while branches ask. */
function gathers(): Orchestration<never, unknown> {
  const desk = dossier<{ heard: readonly string[]; last: string }>("desk", {
    heard: (before, added) => [...before, ...added],
  });
  const branch = orchestration<unknown, string>("branch", (o) => {
    const [first, second] = [ask("first"), ask("second")];
    const add = desk.add((answer: string) => ({ heard: [answer], last: answer }));
    return o.start(first).advance(first, second, { add }).finish(second);
  });
  const fan = each("fan", branch, { concurrency: 2 });
  const begin = runnable("begin", (list: readonly unknown[]) => list);
  const again = runnable("again", (_: unknown, ctx) => [JSON.stringify(desk.of(ctx).get("heard"))]);
  const ending = each("ending", branch);
  const heard = runnable("heard", (_: unknown, ctx) => [desk.of(ctx).get("heard"), desk.of(ctx).get("last")]);
  return orchestration<readonly unknown[], unknown>("gathers", (o) =>
    o
      .start(begin)
      .advance(begin, fan, { add: desk.add(() => ({ heard: ["begun"] })) })
      .advance(fan, again)
      .advance(again, ending)
      .advance(ending, heard)
      .finish(heard),
  ) as never;
}

/** Branches that were lost in a fan-out are told of at the end of the run; a branch may end it. */
function ends(): Orchestration<never, unknown> {
  const lossy = each(
    "lossy",
    runnable("odd", (item: number) => {
      if (item % 2 === 1) throw new RangeError(`${item} is odd`);
      return item;
    }),
    { settled: true },
  );
  const alarm = exit(
    "alarm",
    choose("alarmed", { ringing: ask("ring"), quiet: say("quiet", "quiet") }, () => "ringing"),
    {
      when: (answer) => answer.includes("alarm"),
    },
  );
  const work = all("work", { asked: ask("asked"), alarm, never: ask("never") });
  return orchestration<readonly number[], unknown>("ends", (o) =>
    o
      .start(lossy)
      .advance(lossy, work, { convert: (results: readonly Settled<number>[]) => results.length })
      .finish(work, alarm as never),
  ) as never;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function rests(run: Run<unknown>): Promise<void> {
  for (let left = 10_000; run.status !== "waiting"; left--) {
    if (!["running", "queued"].includes(run.status)) return;
    if (left === 0) throw new TypeError(`it goes on: ${JSON.stringify(run.describe())}`);
    await turn();
  }
}

/** Which question is answered next, and how. */
const chosen = (open: readonly OpenQuestion[]): OpenQuestion =>
  open.find(({ path }) => !path.includes("sure#") && !path.includes("vote")) ?? open[0]!;

const answerTo = ({ id }: OpenQuestion): unknown => {
  if (!id.includes("circuit#")) return `to ${id}`;
  isEmpty = false;
  return "go on";
};

/** A run that goes on in a process of its own at each question. Tells how it went, and how much each process read. */
async function lives(flow: Orchestration<never, unknown>, input: unknown, snapshotAfter: number) {
  isEmpty = true;
  const store = memoryStore();
  const clock = manualClock(1_000);
  const host = () => new DurableHost(store, { snapshotAfter, clock });
  let run: Run<unknown> = flow.start(input as never, { host: host(), runId: "r" });
  const reads: number[] = [];
  for (let left = 60; ; left--) {
    run.result.catch(() => {});
    await rests(run);
    const [open] = [run.questions];
    if (run.status !== "waiting") break;
    if (left === 0) throw new TypeError(`it still asks ${JSON.stringify(open)}`);
    await run.suspend();
    const again = watchedStore(store);
    run = await new DurableHost(again.store, { snapshotAfter, clock }).resume(flow, "r");
    reads.push(again.read());
    await rests(run);
    expect(run.questions).toEqual(open);
    await run.answer(chosen(open).id, answerTo(chosen(open)));
  }
  const end = await run.result.catch((error: unknown) => JSON.stringify(error));
  const events = await host().events(flow, "r");
  return { told: { status: run.status, end, events, records: await store.load("r") }, reads };
}

describe("a run that rests is taken up by its snapshot, and goes as from its beginning:", () => {
  it.each([
    ["a chat with a background", chat, "hello", 12],
    ["a loop over made states", makes, { name: "weather", left: 4 }, 5],
    ["branches that a circuit holds", pays, [1, 2, 3], 4],
    ["a halted fan-out", halts, "go", 3],
    ["a fan-out that grows and hands on what comes", grows, ["a", "b", "c"], 8],
    ["dossiers of branches", gathers, ["a", "b", "c"], 8],
    ["lost branches, a choice, and a branch that may end the run", ends, [1, 2, 3], 2],
  ])("%s", async (_name, flow, input, questions) => {
    const right = await lives(flow(), input, Number.POSITIVE_INFINITY);
    const short = await lives(flow(), input, 1);
    expect(short.told).toEqual(right.told);
    expect(short.reads.length).toBeGreaterThanOrEqual(questions);
    // One record: the last of the snapshot.
    expect(short.reads).toEqual(short.reads.map(() => 1));
    expect(right.reads.at(-1)).toBeGreaterThan(short.reads.length);
  });
});
