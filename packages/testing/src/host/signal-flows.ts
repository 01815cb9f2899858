import { all, each, orchestration, runnable, type SignalKind, signal, until } from "@orch/core";
import { adds, flow, type HostFlow, tally, text } from "./host-flow.ts";

const go: SignalKind<string, unknown> = signal("go", text);

/** Flows that wait for signals and conditions. */
export const signalFlows: readonly HostFlow[] = [
  flow(
    "signals that are taken in their order, each once",
    "x",
    { output: "first second third" },
    (ran) => {
      const [one, two, three] = ["one", "two", "three"].map((id) =>
        until<string, string>(id, { signal: go }),
      );
      const note = runnable("note", async ({ value }: { readonly value: string }, ctx) => {
        ran(ctx.path);
        ctx.state(tally).add("words", [value]);
        return ctx.state(tally).get("words").join(" ");
      });
      return orchestration("signalled", (o) =>
        o
          .start(one!)
          .advance(one!, note)
          .advance(note, two!, { when: (said) => said === "first" })
          .advance(two!, note)
          .advance(note, three!, { when: (said) => said === "first second" })
          .advance(three!, note)
          .finish(note),
      );
    },
    {
      signals: ["first", "second", "third"].map((value) => ({ kind: go, value, key: value })),
    },
  ),
  flow(
    "branches that wait for a signal each",
    ["a", "b", "c"],
    {
      output: [
        { by: "signal", value: "a" },
        { by: "signal", value: "b" },
        { by: "signal", value: "c" },
      ],
    },
    () => {
      const fan = each("fan", until<string, string>("wait", { signal: go }), { concurrency: 1 });
      return orchestration("waiting", (o) => o.start(fan).finish(fan));
    },
    { signals: ["a", "b", "c"].map((value) => ({ kind: go, value, key: value })) },
  ),
  flow("a wait that runs out", "x", { output: { by: "timeout" } }, () => {
    const wait = until<string, string>("wait", { signal: go, timeout: 3_000 });
    return orchestration("late", (o) => o.start(wait).finish(wait));
  }),
  flow(
    "a condition that a branch beside it meets",
    ["a", "b"],
    { output: { met: { by: "condition" }, words: ["aw", "bw"] } },
    (ran) => {
      const write = adds("w", ran);
      const note = runnable("note", async (word: string, ctx) => {
        ctx.state(tally).add("words", [word]);
        return word;
      });
      const item = orchestration("item", (o) => o.start(write).advance(write, note).finish(note));
      const met = until<readonly string[]>("met", {
        when: (words, ctx) => ctx.state(tally).get("words").length === words.length,
      });
      const both = all("both", { met, words: each("words", item, { concurrency: 1 }) });
      return orchestration("conditional", (o) => o.start(both).finish(both));
    },
  ),
  flow("a condition that nothing can meet", "x", { code: "ORCH_RUNNABLE_FAILED" }, () => {
    const never = until<string>("never", { when: (_, ctx) => ctx.state(tally).get("words").length > 0 });
    return orchestration("unmet", (o) => o.start(never).finish(never));
  }),
];
