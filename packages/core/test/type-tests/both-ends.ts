/** What the compiler must say about an edge that does not fit: both types, in every compiler that we support. */
import { each, type OrchError, OrchestrationAdvancer, orchestration, runnable } from "@orch/core";

const a = runnable("a", (x: string) => ({ n: x.length }));
const b = runnable("b", (x: number) => x);
const list = each("list", b);
interface Report {
  readonly title: string;
}
const report = runnable("report", (_: number): Report => ({ title: "" }));
const take = runnable("take", (error: OrchError) => error.code);
class Reads extends OrchestrationAdvancer<{ m: number }, number> {
  override readonly targets = [b];
  override convertOutput(p: { m: number }): number {
    return p.m;
  }
}

// E31
// error: "the output does not fit the input of the next runnable: pass `convert`", { output: { n: number; }; input: number; }
orchestration("plain", (o) => o.start(a).advance(a, b).finish(b));
// E31, further: of a list, and of a type with a name
// error: { output: number; input: readonly number[]; }
orchestration("list", (o) => o.start(b).advance(b, list).finish(list));
// error: { output: Report; input: number; }
orchestration("named", (o) => o.start(report).advance(report, b).finish(b));
// E31, further: of a failure, of an advancer class, and of an edge with a condition
// error: { error: OrchError<string, object>; input: number; }
orchestration("failure", (o) => o.start(a).catch(a, b).finish(a, b));
// error: { output: { n: number; }; reads: { m: number; }; }
orchestration("class", (o) => o.start(a).advanceBy(a, new Reads()).finish(b));
// error: ConvertingAdvancer<{ n: number; }, number, string>
orchestration("condition", (o) => o.start(a).advance(a, b, { when: (x) => x.n > 1 }).finish(b));
// What fits says nothing.
orchestration("fits", (o) => o.start(a).catch(a, take).advance(a, b, { convert: ({ n }) => n }).finish(b, take));
