/**
 * What the compiler must say about races, choices, questions, waits, settled results and shared
 * state. A comment `// error: TEXT` stands above each line that must not compile, and TEXT must be in
 * the compiler's message; every other line must compile.
 */
import { all, background, choose, collect, each, exit, items, orchestration, question, type Runnable, race, runnable, type Settled, sharedState, sleep } from "@orch/core";
import { z } from "zod";

interface Hit {
  readonly url: string;
}
const fetchText = runnable("fetchText", async (url: string) => `text of ${url}`);
const count = runnable("count", async (url: string) => url.length);
const takesNumber = runnable("takesNumber", (n: number) => n);
const takesText = runnable("takesText", (text: string) => text);
const takesList = runnable("takesList", (list: readonly (string | number)[]) => list.length);

// A race gives what one of its branches gives; with `first: n`, a list.
const bare = race("bare", { fetchText, count });
const listed = race("listed", { fetchText, count }, { first: 2 });
export const ofBare: Runnable<string, string | number> = bare;
export const ofListed: Runnable<string, (string | number)[]> = listed;
orchestration("listed", (o) => o.start(listed).advance(listed, takesList).finish(takesList));
// error: pass `convert`
orchestration("bareList", (o) => o.start(bare).advance(bare, takesList).finish(takesList));
// error: pass `convert`
orchestration("bareText", (o) => o.start(bare).advance(bare, takesText).finish(takesText));
// error: not assignable to parameter of type 'string'
orchestration("bareInput", (o) => o.start(bare).finish(bare)).run(3);
// error: Type 'string' is not assignable to type 'number'
race("textFirst", { fetchText, count }, { first: "2" });

// Over a list it gives what its branch gives.
const anyPage = race("anyPage", fetchText);
export const ofAnyPage: Runnable<readonly string[], string> = anyPage;
export const ofTwoPages: Runnable<readonly string[], string[]> = race("twoPages", fetchText, { first: 2 });
// error: is not assignable to type
export const oneOfTwo: Runnable<readonly string[], string> = race("oneOfTwo", fetchText, { first: 2 });

// What is enough reads the values; results of `all` may be absent then.
export const ofEnough: Runnable<readonly string[], number[]> = each("enoughCounts", count, { enough: ({ values, open }) => values.length > 3 || open === 0 });
// error: Property 'toUpperCase' does not exist on type 'number'
each("wrongValues", count, { enough: ({ values }) => values[0]!.toUpperCase() === "" });
const someOf = all("someOf", { fetchText, count }, { first: 1 });
export const ofSome: Promise<{ fetchText?: string; count?: number }> = orchestration("some", (o) => o.start(someOf).finish(someOf)).run("x");
// error: is not assignable to type 'Promise<{ fetchText: string; count: number; }>'
export const allOfSome: Promise<{ fetchText: string; count: number }> = orchestration("some", (o) => o.start(someOf).finish(someOf)).run("x");

// What follows takes the results, and gives the ones of the fan-out.
export const ofFollow: Runnable<readonly string[], number[]> = each("lengths", fetchText, { follow: count });
// error: not assignable
each("wrongFollow", count, { follow: takesText });

// What a result is wanted for says nothing of what a fan-out gives: that follows from its branches.
// error: Type 'number' is not assignable to type 'string'
export const wantedTexts: Runnable<readonly string[], string[]> = each("wantedTexts", count);
// error: Type 'Settled<number>[]' is not assignable to type 'Settled<string>[]'
export const wantedSettled: Runnable<readonly string[], Settled<string>[]> = each("wantedSettled", count, { settled: true });
// error: is not assignable to
export const wantedProgress: Runnable<readonly string[], string[]> = each("wantedProgress", count, { enough: (progress: { values: readonly string[] }) => progress.values.length > 2 });
export const wantedAll: Runnable<string, { fetchText: string; count: number }> = all("wantedAll", { fetchText, count });
// error: Property 'count' is optional in type
export const wantedSkipped: Runnable<string, { fetchText: string; count: number }> = all("wantedSkipped", { fetchText, count }, { when: { count: () => false } });

// What goes on in the background is collected later, as settled results or as what a child gave.
const quickly = each("quickly", count, { first: 1, rest: "background" });
export const ofQuickly: Runnable<readonly string[], number[]> = quickly;
export const ofLate: Runnable<unknown, Settled<number>[]> = collect("late", quickly);
const aside = background("aside", count);
export const ofAside: Runnable<string, string> = aside;
export const ofAwaited: Runnable<unknown, number> = collect("awaited", aside);
// error: Type 'number | undefined' is not assignable to type 'number'
export const ofStopped: Runnable<unknown, number> = collect("stopped", aside, { stop: true });
// error: Property '[LATE]' is missing
collect("nothingLeft", each("stopping", count, { first: 1 }));

// A branch that may end the orchestration gives one of its outputs.
const tooLong = exit("tooLong", count, { when: (length) => length > 9 });
const checking = all("checking", { fetchText, tooLong });
const pageOf = runnable("pageOf", ({ fetchText: page }: { fetchText: string }) => page);
export const ofExit: Promise<string | number> = orchestration("checked", (o) => o.start(checking).advance(checking, pageOf).finish(pageOf, tooLong)).run("x");
// error: Type 'string | number' is not assignable to type 'string'
export const ofNoExit: Promise<string> = orchestration("checked", (o) => o.start(checking).advance(checking, pageOf).finish(pageOf, tooLong)).run("x");
// error: Operator '>' cannot be applied to types 'string' and 'number'
exit("wrongExit", fetchText, { when: (page) => page > 9 });

// Added items are what the branch takes.
const moreLinks = items<string>("moreLinks");
export const ofGrowing: Runnable<readonly string[], number[]> = each("growing", count, { items: moreLinks });
export const adding = runnable("adding", (url: string, ctx) => moreLinks.add(ctx, url, { key: url }));
// error: Argument of type 'number' is not assignable to parameter of type 'string'
export const wrongAdding = runnable("wrongAdding", (_: string, ctx) => moreLinks.add(ctx, 3));
// error: not assignable
each("wrongItems", takesNumber, { items: moreLinks });
// error: Type 'string | number' is not assignable to type 'string'
each("widerItems", count, { items: items<string | number>("widerItems") });
each("narrowerItems", count, { items: items<"a" | "b">("narrowerItems") });

// A sleep beside it is a timeout, and takes what the others take.
const limited = race("limited", { fetchText, late: sleep<string>("late", 1_000) });
export const ofLimited: Promise<string> = orchestration("limited", (o) => o.start(limited).finish(limited)).run("x");

// A choice gives what its factory's runnables give.
const chosen = choose("chosen", (url: string) => (url === "" ? fetchText : takesText));
export const ofChosen: Runnable<string, string> = chosen;
const deep = choose("deep", (url: string) => orchestration("made", (o) => o.start(count).advance(count, takesNumber, { when: () => url !== "" }).finish(count, takesNumber)));
export const ofDeep: Runnable<string, number> = deep;
// error: is not assignable to parameter of type '(input: string) => Runnable<string, unknown>'
choose("garbage", (url: string) => url);
// error: Type 'Runnable<number, number>' is not assignable to type 'Runnable<string, number>'
choose("otherInput", (url: string): Runnable<string, number> => takesNumber);

// A question gives what its schema gives; its prompt reads the input.
const approve = question("approve", { ask: (hit: Hit) => `Open ${hit.url}?`, answer: z.object({ ok: z.boolean() }) });
export const ofApprove: Runnable<Hit, { ok: boolean }> = approve;
const anyone = question("anyone", { ask: "Who?", answer: z.string() });
export const ofAnyone: Runnable<number, string> = anyone;
// error: Property 'uri' does not exist on type 'Hit'
question("wrongPrompt", { ask: (hit: Hit) => hit.uri, answer: z.string() });
// error: Property 'answer' is missing
question("noAnswer", { ask: "Who?" });
// error: pass `convert`
orchestration("wrongAnswer", (o) => o.start(approve).advance(approve, takesText).finish(takesText));

// A sleep gives on its input; without a type it takes none.
const nap = sleep<Hit>("nap", 5);
export const ofNap: Runnable<Hit, Hit> = nap;
const till = sleep("till", (hit: Hit) => hit.url.length);
export const ofTill: Runnable<Hit, Hit> = till;
export const ofNothing: Runnable<void, void> = sleep("nothing", 5);
// error: is not assignable to parameter of type 'number | ((input: Hit) => number)'
sleep("textual", (hit: Hit) => hit.url);
// error: pass `convert`
orchestration("napped", (o) => o.start(nap).advance(nap, takesText).finish(takesText));

// Settled results are to be looked at; a branch under a condition is optional here too.
const settledEach = each("settledEach", count, { settled: true });
export const ofSettled: Runnable<readonly string[], Settled<number>[]> = settledEach;
const settledAll = all("settledAll", { count, fetchText }, { settled: true, when: { fetchText: (url) => url !== "" } });
export const ofSettledAll: Promise<{ count: Settled<number>; fetchText?: Settled<string> }> = orchestration("settledAll", (o) => o.start(settledAll).finish(settledAll)).run("x");
export const readSettled = (one: Settled<number>): string => (one.status === "completed" ? one.value.toFixed() : one.error.message);
// error: Property 'value' does not exist
export const rashSettled = (one: Settled<number>): number => one.value;
// error: pass `convert`
orchestration("settledSum", (o) => o.start(settledEach).advance(settledEach, takesList).finish(takesList));
// error: is not assignable to type 'Promise<{ count: Settled<number>; fetchText: Settled<string>; }>'
export const strict: Promise<{ count: Settled<number>; fetchText: Settled<string> }> = orchestration("strict", (o) => o.start(settledAll).finish(settledAll)).run("x");

// Shared state: types come from the start values; a value with a reducer is added to, the others are set.
const memory = sharedState("memory", {
  language: { start: "en" },
  notes: { start: [] as readonly string[], reduce: (old, more) => [...old, ...more] },
  kind: { start: "a" as "a" | "b", schema: z.enum(["a", "b"]) },
});
export const useState = runnable("useState", (_: void, ctx) => {
  const { get, set, add } = ctx.state(memory);
  set("language", "de");
  add("notes", ["x"]);
  set("kind", "b");
  const notes: readonly string[] = get("notes");
  // error: is not assignable to parameter of type 'readonly string[]'
  add("notes", 3);
  // error: Argument of type '"notes"' is not assignable
  set("notes", []);
  // error: Argument of type '"language"' is not assignable
  add("language", "fr");
  // error: Argument of type '"tongue"' is not assignable
  get("tongue");
  // error: Type 'string' is not assignable to type 'number'
  const language: number = get("language");
  // error: Argument of type '"c"' is not assignable to parameter of type '"a" | "b"'
  set("kind", "c");
  return [notes, language];
});
// error: Type '(_old: number, _more: number) => string' is not assignable
sharedState("bad", { sum: { start: 0, reduce: (_old, _more) => "text" } });

// What is asked and kept within a runnable has the schema's type, or the function's.
export const asks = runnable("asks", async (_: void, ctx) => {
  const age: number = await ctx.ask({ prompt: "How old?", answer: z.number() });
  const order: { id: string } = await ctx.once("order", async () => ({ id: "1" }));
  // error: Type 'string' is not assignable to type 'number'
  const wrong: number = await ctx.ask({ prompt: "Who?", answer: z.string() });
  return [age, order, wrong];
});
