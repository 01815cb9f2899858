/**
 * What the compiler must say about edges. A comment `// error: TEXT` stands above each line that
 * must not compile, and TEXT must be in the compiler's message; every other line must compile.
 */
import { all, each, type OrchError, Orchestration, OrchestrationAdvancer, OrchestrationRunnable, orchestration, type RunContext, runnable } from "@orch/core";
import { z } from "zod";

const Plan = z.object({ topic: z.string(), queries: z.array(z.object({ text: z.string() })) });
type Plan = z.infer<typeof Plan>;
type Query = Plan["queries"][number];
interface Finding {
  readonly text: string;
}
interface Report {
  readonly ok: boolean;
  readonly feedback: string;
  readonly title: string;
}

const plan = runnable({ id: "plan", input: z.string(), output: Plan, invoke: async (topic) => ({ topic, queries: [] }) });
const search = runnable("search", async (query: Query): Promise<Finding> => ({ text: query.text }));
const searchAll = each("searchAll", search, { concurrency: 4 });
const report = runnable("report", async (found: readonly Finding[]): Promise<Report> => ({ ok: true, feedback: "", title: `${found.length}` }));

// An edge that fits needs no conversion, start and finish fix the types, a back edge is an ordinary edge.
export const research: Orchestration<string, Report> = orchestration("research", (o) =>
  o
    .start(plan)
    .advance(plan, searchAll, { when: (p) => p.queries.length > 0, convert: (p) => p.queries })
    .advance(searchAll, report)
    .advance(report, plan, { when: (r) => !r.ok, convert: (r) => r.feedback })
    .finish(report),
);

// error: the output does not fit the input of the next runnable: pass `convert`
orchestration("noConvert", (o) => o.start(plan).advance(plan, report).finish(report));

// error: Property 'convert' is missing
orchestration("whenOnly", (o) => o.start(plan).advance(plan, report, { when: (p) => p.topic !== "" }).finish(report));

// error: Type 'string' is not assignable to type 'readonly { text: string; }[]'
orchestration("wrongConvert", (o) => o.start(plan).advance(plan, searchAll, { convert: (p) => p.topic }).finish(searchAll));

// A name that is written wrong is told as that, and not as what then does not fit.
// error: Did you mean to write 'convert'?
orchestration("wrongName", (o) => o.start(plan).advance(plan, searchAll, { convrt: () => [] }).finish(searchAll));
// error: Did you mean to write 'when'?
orchestration("wrongWhen", (o) => o.start(plan).advance(plan, searchAll, { wen: () => true, convert: () => [] }).finish(searchAll));
// error: Did you mean to write 'maxSteps'?
orchestration("wrongOption", (o) => o.start(plan).finish(plan), { maxStep: 3 });

// error: Property 'topics' does not exist
orchestration("wrongField", (o) => o.start(plan).advance(plan, report, { when: (p) => p.topics > 0, convert: () => [] }).finish(report));

// A wrong finish type in a subclass fails.
export class Good extends Orchestration<string, { readonly title: string }> {
  constructor() {
    super("good", (o) => o.start(plan).advance(plan, searchAll, { convert: (p) => p.queries }).advance(searchAll, report).finish(report));
  }
}
export class Wrong extends Orchestration<string, { readonly title: string }> {
  constructor() {
    // error: Property 'title' is missing in type 'Finding[]'
    super("wrong", (o) => o.start(plan).advance(plan, searchAll, { convert: (p) => p.queries }).finish(searchAll));
  }
}
export class WrongInput extends Orchestration<number, Report> {
  constructor() {
    // error: Type 'number' is not assignable to type 'string'
    super("wrongInput", (o) => o.start(plan).advance(plan, searchAll, { convert: (p) => p.queries }).advance(searchAll, report).finish(report));
  }
}

// Predicates narrow what the conversion and the target receive.
type Kind = { readonly kind: "a"; readonly a: number } | { readonly kind: "b"; readonly b: string };
const classify = runnable("classify", async (_: string): Promise<Kind> => ({ kind: "a", a: 1 }));
const doA = runnable("doA", async (value: { readonly kind: "a"; readonly a: number }) => value.a);
const doText = runnable("doText", async (text: string) => text);
export const branch: Promise<number | string> = orchestration("branch", (o) =>
  o
    .start(classify)
    .advance(classify, doA, { when: (r) => r.kind === "a" })
    .advance(classify, doText, { when: (r): r is Extract<Kind, { kind: "b" }> => r.kind === "b", convert: (r) => r.b })
    .finish(doA, doText),
).run("x");

// error: Property 'convert' is missing
orchestration("notNarrowed", (o) => o.start(classify).advance(classify, doA, { when: (r) => r.kind.length > 0 }).finish(doA));

// Classes: an advancer fits the runnable it reads, and gives what its targets take.
class PlanAdvancer extends OrchestrationAdvancer<Plan, string> {
  override readonly targets = [doText];
  override shouldAdvance(p: Plan): boolean {
    return p.queries.length > 0;
  }
  override convertOutput(p: Plan): string {
    return p.topic;
  }
}
class PlanningRunnable extends OrchestrationRunnable<string, Plan> {
  override readonly id = "planning";
  override async invoke(topic: string, _ctx: RunContext): Promise<Plan> {
    return { topic, queries: [] };
  }
}
const planning = new PlanningRunnable();
orchestration("classes", (o) => o.start(planning).advanceBy(planning, new PlanAdvancer()).finish(doText));

// error: Argument of type 'PlanAdvancer' is not assignable
orchestration("wrongAdvancer", (o) => o.start(search).advanceBy(search, new PlanAdvancer()).finish(doText));

// A branch under a condition is optional.
const fan = all("fan", { a: doText, b: classify }, { when: { b: (text) => text.length > 3 } });
const useFan = runnable("useFan", async (both: { readonly a: string; readonly b?: Kind }) => both.a);
const useFanStrict = runnable("useFanStrict", async (both: { readonly a: string; readonly b: Kind }) => both.a);
orchestration("fan", (o) => o.start(fan).advance(fan, useFan).finish(useFan));
// error: pass `convert`
orchestration("fanStrict", (o) => o.start(fan).advance(fan, useFanStrict).finish(useFanStrict));
// error: 'c' does not exist
all("noSuchBranch", { a: doText }, { when: { c: () => true } });

// Failures: the conversion is required, and gets the failed runnable's input.
orchestration("caught", (o) => o.start(plan).catch(plan, doText, { convert: (error, topic) => `${error.code} ${topic.length}` }).advance(plan, doText, { convert: (p) => p.topic }).finish(doText));
// error: Property 'convert' is missing
orchestration("uncaught", (o) => o.start(plan).catch(plan, doText, {}).finish(plan, doText));
// error: an error does not fit the input of the next runnable: pass `convert`
orchestration("uncaughtBare", (o) => o.start(plan).catch(plan, doText).finish(plan, doText));
// A runnable that takes the error needs no conversion.
const explain = runnable("explain", (error: OrchError) => error.code);
orchestration("explained", (o) => o.start(plan).catch(plan, explain, { when: (error, topic) => error.code !== topic }).catch(plan, explain).finish(plan, explain));

// Inputs are contravariant: a runnable of a narrower input does not pass for one of a wider.
const narrow = runnable("narrow", (text: string) => text);
// error: Type 'string | number' is not assignable to type 'string'
const _wide: import("@orch/core").Runnable<string | number, string> = narrow;

// A graph can be built in a loop.
orchestration("chain", (o) => {
  let draft = o.start(doText);
  for (let index = 0; index < 5; index++) draft = draft.advance(doText, doText, { when: () => false });
  return draft.finish(doText);
});

// An advancer class that reads one kind of an output does not pass for one that reads them all.
class KindAAdvancer extends OrchestrationAdvancer<Extract<Kind, { kind: "a" }>, string> {
  override readonly targets = [doText];
  override convertOutput(value: Extract<Kind, { kind: "a" }>): string {
    return value.a.toFixed();
  }
}
// error: the advancer reads another output than the runnable gives
orchestration("narrowAdvancer", (o) => o.start(classify).advanceBy(classify, new KindAAdvancer()).finish(doText));

// A conversion of failures takes every input that the runnable takes.
const takesKind = runnable("takesKind", (kind: Kind) => kind.kind.length);
// error: is not assignable to type
orchestration("narrowCatch", (o) => o.start(takesKind).catch(takesKind, doText, { convert: (_error, input: Extract<Kind, { kind: "a" }>) => input.a.toFixed() }).finish(takesKind, doText));

// Every finish counts, also when there is more than one call.
export const finishes: Promise<number | string> = orchestration("finishes", (o) => o.start(takesKind).advance(takesKind, doText, { when: (n) => n > 3, convert: String }).finish(takesKind).finish(doText)).run({ kind: "a", a: 1 });
// error: Type 'string | number' is not assignable to type 'string'
export const oneFinish: Orchestration<Kind, string> = orchestration("oneFinish", (o) => o.start(takesKind).advance(takesKind, doText, { when: (n) => n > 3, convert: String }).finish(takesKind).finish(doText));

// A branch that takes a union still takes it in a fan-out, and two branches take what both take.
const takesBoth = runnable("takesBoth", (value: string | number) => `${value}`);
const takesFlag = runnable("takesFlag", (flag: boolean) => !flag);
const unions = all("unions", { kind: takesKind });
const meets = all("meets", { both: takesBoth, text: doText }, { when: { both: (value) => value.length > 1 } });
const flags = all("flags", { flag: takesFlag });
export const ofUnion: Promise<{ kind: number }> = orchestration("ofUnion", (o) => o.start(unions).finish(unions)).run({ kind: "b", b: "" });
orchestration("ofMeet", (o) => o.start(meets).finish(meets)).run("x");
orchestration("ofFlag", (o) => o.start(flags).finish(flags)).run(true);
// error: not assignable to parameter of type 'string'
orchestration("ofMeetWrong", (o) => o.start(meets).finish(meets)).run(3);
