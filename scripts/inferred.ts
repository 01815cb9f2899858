/** Exports of a library's author whose types are inferred: each type has to have a name. Compiled, never run. */
import { agent, type RunAgentOptions, runAgent, tool } from "@orch/agents";
import { ChatRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import "@orch/sqlite/sessions";
import {
  all,
  background,
  blueprint,
  choose,
  collect,
  dossier,
  each,
  exit,
  isOrchError,
  items,
  OrchError,
  OrchestrationAdvancer,
  OrchestrationRunnable,
  orchestration,
  question,
  race,
  runnable,
  sharedState,
  signal,
  sleep,
  until,
} from "@orch/core";
import { z } from "zod";

const shout = runnable("shout", (text: string) => text.toUpperCase());

export const memory = sharedState("memory", { language: { start: "en" } });
export const both = all("both", { shout });
export const settled = all("settled", { shout }, { settled: true });
export const either = race("either", { shout });
export const many = each("many", shout);
export const chosen = choose("chosen", () => shout);
export const nap = sleep("nap", () => 10);
export const ask = question("ask", { ask: "Which?", answer: z.string() });
export const paid = signal("paid", z.object({ sum: z.string().transform(Number) }));
export const payment = until("payment", { signal: paid, timeout: 5 });
export const desk = dossier<{ ticket: string }>("desk");
export const adds = desk.add((ticket: string) => ({ ticket }));
export const links = items<string>("links");
export const growing = each("growing", shout, { items: links, first: 1, rest: "background" });
export const late = collect("late", growing);
export const aside = collect("aside", background("beside", shout), { stop: true });
export const some = all("some", { shout }, { first: 1, rest: "background" });
export const ending = exit("ending", shout);
export const named = choose(
  "named",
  { shout, made: (text) => runnable("made", () => text.length) },
  (text: string) => (text === "" ? "shout" : "made"),
);
export const coding = blueprint("coding", (data: { language: string }) =>
  runnable("code", () => data.language),
);
export class Writing extends OrchestrationRunnable<string, string> {
  static readonly id: string = "writing";
  override invoke(text: string) {
    return text;
  }
}
export class ToMade extends OrchestrationAdvancer<string, string> {
  override readonly targets = [Writing, coding];
  override convertOutput(text: string) {
    return text;
  }
  override getNextRunnable(text: string) {
    return text === "" ? new Writing() : coding({ language: text });
  }
}
export const makes = orchestration("makes", (o) =>
  o.start(shout).advanceBy(shout, new ToMade()).finish(Writing, coding),
);
export const parsed = runnable({ id: "parsed", input: z.string().transform(Number), invoke: (n) => n });
export const flow = orchestration("flow", (o) => o.start(shout).advance(shout, both).finish(both));
export const run = flow.start("a");
export const status = run.status;
export const description = run.describe();
export const events = run.events();
export const graph = flow.graph;
export const reads = runnable("reads", (_: string, ctx) => ctx.state(memory));

export const host = (options: NonNullable<Parameters<typeof flow.start>[1]>) => options.host;

export const weather = tool({
  name: "weather",
  description: "Tells the weather.",
  input: z.object({ city: z.string() }),
  invoke: ({ city }) => `Rain in ${city}.`,
});
export const helper = agent({ name: "helper", instructions: "Help.", tools: [weather] });
export const answer = (options: RunAgentOptions) => runAgent(helper, "Hello", options);

export const paused = async (options: RunAgentOptions) => (await answer(options)).paused;
export const failure = async (options: RunAgentOptions) => (await answer(options)).failure;

export const runtime = (configuration: RuntimeConfiguration) => new ChatRuntime(configuration);
export const turns = (configuration: RuntimeConfiguration) =>
  runtime(configuration).session?.turns[0]?.status;

// Facts by their codes: of core, of each other package, and of this library.
declare module "@orch/core" {
  interface OrchErrorFacts {
    readonly LIBRARY_QUOTA: { readonly left: number };
  }
}
export class QuotaError extends OrchError<"LIBRARY_QUOTA"> {}
export const tried = (error: unknown) => isOrchError(error, "ORCH_NO_ADVANCE") && error.facts.tried;
export const stopped = (error: unknown) => isOrchError(error, "ORCH_AGENT_STOPPED") && error.facts.stopReason;
export const holder = (error: unknown) => isOrchError(error, "ORCH_SESSION_HELD") && error.facts.holder;
export const kept = (error: unknown) => isOrchError(error, "ORCH_STORE_DAMAGED") && error.facts.keptAt;
export const left = (error: unknown) => isOrchError(error, "LIBRARY_QUOTA") && error.facts.left;
