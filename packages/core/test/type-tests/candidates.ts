/** What the compiler must say about choices of named candidates. */
import { choose, orchestration, type Runnable, runnable } from "@orch/core";

interface Task {
  readonly kind: "coding" | "writing";
  readonly language: string;
}
const coding = runnable("coding", (text: string) => text.length);
const writing = runnable("writing", (text: string) => ({ text }));
const even = runnable("even", (n: number) => n % 2 === 0);

// E23: what a factory may give is a union, by an expression and by returns.
export const united: Runnable<string, number | { text: string }> = choose("u", (s: string) => (s === "" ? coding : writing));
export const returned: Runnable<string, number | { text: string }> = choose("r", (s: string) => {
  if (s === "") return coding;
  return writing;
});
// Types that are given still count.
export const given: Runnable<string, unknown> = choose<string, unknown>("g", () => coding);

// E24: candidates are runnables, functions of the input that make one, and either with a conversion.
export const work: Promise<number | boolean | { text: string }> = orchestration("work", (o) => {
  const pick = choose(
    "pick",
    {
      coding: (task) => runnable("made", (same: Task) => task.language.length + same.kind.length),
      even: { to: even, convert: (task) => task.language.length },
      writing: { to: (task) => (task.kind === "coding" ? writing : writing), convert: (task) => task.language },
    },
    (task: Task) => (task.kind === "coding" ? "even" : "writing"),
  );
  return o.start(pick).finish(pick);
}).run({ kind: "coding", language: "ts" });

// error: Type 'string' is not assignable to type 'number'
export const narrow: Runnable<string, number> = choose("n", { coding, text: runnable("text", (text: string) => text) }, (_: string) => "coding");
// error: Type '"other"' is not assignable to type '"coding" | "writing"'
choose("unknown", { coding, writing }, (_: string) => "other");
// error: Type 'Runnable<number, boolean>' is not assignable to type 'Candidate<string>'
choose("misfit", { coding, even }, (_: string) => "coding");
// error: "the conversion of the candidate does not give what it takes", { gives: string; takes: number; }
choose("converts", { even: { to: even, convert: (text) => text } }, (_: string) => "even");
// error: Property 'size' does not exist on type 'Task'
choose("noField", { made: (task) => runnable("made", (_: Task) => task.size) }, (_: Task) => "made");
