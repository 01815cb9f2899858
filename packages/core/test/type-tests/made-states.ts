/** What the compiler must say about states that are made on the way, and about advancer classes. */
import { all, blueprint, each, exit, OrchestrationAdvancer, OrchestrationRunnable, orchestration, type Runnable, runnable } from "@orch/core";

const count = runnable("count", (text: string) => text.length);
const half = runnable("half", (n: number) => n / 2);
const either = runnable("either", (text: string): string | number => text);
const coding = blueprint("coding", (data: { language: string }) => runnable("code", (text: string) => text.length + data.language.length));

class Writing extends OrchestrationRunnable<string, { text: string }> {
  static readonly id: string = "writing";
  readonly language: string;
  constructor(data: { language: string }) {
    super();
    this.language = data.language;
  }
  override invoke(text: string) {
    return { text };
  }
}
class Plain extends OrchestrationRunnable<string, boolean> {
  static readonly id: string = "plain";
  override invoke(text: string) {
    return text === "";
  }
}
class ToMade extends OrchestrationAdvancer<number, string> {
  override readonly targets = [Writing, Plain, coding, count];
  override convertOutput(n: number) {
    return `${n}`;
  }
  override getNextRunnable(n: number) {
    return n > 3 ? new Writing({ language: "de" }) : n > 2 ? new Plain() : n > 1 ? coding({ language: "ts" }) : count;
  }
}

// Edges lead on from a class and from a factory, and both may be the last.
const length = runnable("length", ({ text }: { text: string }) => text.length);
export const made: Promise<number | boolean> = orchestration("made", (o) =>
  o.start(half).advanceBy(half, new ToMade()).advance(Writing, length).finish(Plain, coding, count, length),
).run(3);
// error: { output: { text: string; }; input: string; }
orchestration("wrongWay", (o) => o.start(half).advanceBy(half, new ToMade()).advance(Writing, count).finish(count));
// error: { output: number; input: string; }
orchestration("wrongWayOfFactory", (o) => o.start(half).advanceBy(half, new ToMade()).advance(coding, count).finish(count));
// error: Type 'number | boolean' is not assignable to type 'boolean'
export const narrow: Promise<boolean> = orchestration("narrow", (o) => o.start(half).advanceBy(half, new ToMade()).finish(Plain, coding)).run(3);

// A blueprint is no state: nothing but an advancer class makes one of it.
// error: Property 'invoke' is missing in type 'Blueprint<{ language: string; }, string, number>'
each("branch", coding);
// error: Property 'invoke' is missing in type 'Blueprint<{ language: string; }, string, number>'
all("branches", { coding });
// error: Property 'invoke' is missing in type 'Blueprint<{ language: string; }, string, number>'
exit("exit", coding);
// error: Property 'invoke' is missing in type 'Blueprint<{ language: string; }, string, number>'
orchestration("first", (o) => o.start(coding).finish(coding));
// error: Property 'invoke' is missing in type 'Blueprint<{ language: string; }, string, number>'
orchestration("plainEdge", (o) => o.start(half).advance(half, coding, { convert: String }).finish(coding));

// What a state is made from again is one object with its fields.
class Worded extends OrchestrationRunnable<string, string> {
  static readonly id: string = "worded";
  readonly language: string;
  constructor(language: string) {
    super();
    this.language = language;
  }
  override invoke(text: string) {
    return text + this.language;
  }
}
class ToWorded extends OrchestrationAdvancer<number, string> {
  override readonly targets = [count, Worded];
  override convertOutput(n: number) {
    return `${n}`;
  }
  override getNextRunnable() {
    return new Worded("de");
  }
}
// error: a class among the targets cannot make its state again: let its constructor take one object with the state's fields
orchestration("worded", (o) => o.start(half).advanceBy(half, new ToWorded()).finish(Worded));

// A method that reads less than the runnable gives, or another input, does not pass; an advancer class may be generic.
class ReadsText extends OrchestrationAdvancer<string | number, string> {
  override readonly targets = [count];
  override convertOutput(text: string) {
    return text.trim();
  }
}
// error: a method of the advancer reads another output or input than the runnable has
orchestration("readsText", (o) => o.start(either).advanceBy(either, new ReadsText()).finish(count));
class ReadsNumber extends OrchestrationAdvancer<number, string> {
  override readonly targets = [count];
  override convertOutput(n: number, before: number) {
    return `${n + before}`;
  }
}
// error: a method of the advancer reads another output or input than the runnable has
orchestration("readsNumber", (o) => o.start(count).advanceBy(count, new ReadsNumber()).finish(count));
orchestration("readsBoth", (o) => o.start(half).advanceBy(half, new ReadsNumber()).finish(count));
class Same<T> extends OrchestrationAdvancer<T, T> {
  override readonly targets: readonly Runnable<T, unknown>[];
  constructor(to: Runnable<T, unknown>) {
    super();
    this.targets = [to];
  }
  override convertOutput(value: T): T {
    return value;
  }
}
orchestration("generic", (o) => o.start(half).advanceBy(half, new Same(half)).finish(half));
// error: the advancer reads another output than the runnable gives
orchestration("genericOther", (o) => o.start(count).advanceBy(count, new Same(count)).finish(count));
