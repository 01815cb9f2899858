import {
  blueprint,
  choose,
  dossier,
  each,
  OrchestrationAdvancer,
  OrchestrationRunnable,
  orchestration,
  type RunContext,
  type Runnable,
  runnable,
} from "@orch/core";
import { flow, type HostFlow } from "./host-flow.ts";

/** Flows whose states are made or picked on the way, and what travels with a run. */
export const madeFlows: readonly HostFlow[] = [
  flow("a dossier that travels through branches", "ab", { output: "a of ab, b of ab: ab,a,b" }, (ran) => {
    const desk = dossier<{ from: string; seen: readonly string[] }>("desk", {
      seen: (before, added) => [...before, ...added],
    });
    const split = runnable("split", (text: string) => text.split(""));
    const look = runnable("look", async (letter: string, ctx: RunContext) => {
      ran(ctx.path);
      return `${letter} of ${desk.of(ctx).get("from")}`;
    });
    const say = runnable("say", (text: string) => text);
    const each1 = orchestration("each1", (o) =>
      o
        .start(look)
        .advance(look, say, { add: desk.add((_text, letter) => ({ seen: [letter] })) })
        .finish(say),
    );
    const many = each("many", each1);
    const end = runnable("end", async (texts: readonly string[], ctx: RunContext) => {
      ran(ctx.path);
      return `${texts.join(", ")}: ${desk.of(ctx).get("seen").join()}`;
    });
    return orchestration("travels", (o) =>
      o
        .start(split)
        .advance(split, many, { add: desk.add((_letters, from) => ({ from, seen: [from] })) })
        .advance(many, end)
        .finish(end),
    );
  }),
  flow("states that an advancer makes on the way", "xy", { output: "xy2 by 2, made" }, (ran) => {
    class Counted extends OrchestrationRunnable<string, string> {
      static readonly id = "counted";
      readonly by: number;
      constructor({ by }: { readonly by: number }) {
        super();
        this.by = by;
      }
      override async invoke(input: string, ctx: RunContext): Promise<string> {
        ran(ctx.path);
        return `${input} by ${this.by}`;
      }
    }
    const twice = blueprint("twice", ({ word }: { readonly word: string }) => {
      const say = runnable("say", async (input: string, ctx) => {
        ran(ctx.path);
        return `${input}, ${word}`;
      });
      return orchestration("inner", (o) => o.start(say).finish(say));
    });
    class ToCounted extends OrchestrationAdvancer<string, string> {
      override readonly targets = [Counted];
      override convertOutput(text: string): string {
        return `${text}${text.length}`;
      }
      override getNextRunnable(text: string): Counted {
        return new Counted({ by: text.length });
      }
    }
    class ToTwice extends OrchestrationAdvancer<string, string> {
      override readonly targets = [twice];
      override convertOutput(text: string): string {
        return text;
      }
      override getNextRunnable(): Runnable<string, string> {
        return twice({ word: "made" });
      }
    }
    const first = runnable("first", (input: string) => input);
    const made = orchestration("made", (o) =>
      o.start(first).advanceBy(first, new ToCounted()).advanceBy(Counted, new ToTwice()).finish(twice),
    );
    return made;
  }),
  flow("a candidate that is picked by name", "b", { output: "made B" }, (ran) => {
    const made = (kind: string) =>
      runnable("maker", async (input: string, ctx: RunContext) => {
        ran(ctx.path);
        return `${kind} ${input}`;
      });
    const pick = choose(
      "pick",
      { a: (input) => made(input), b: { to: () => made("made"), convert: (input) => input.toUpperCase() } },
      (input: string) => (input === "a" ? "a" : "b"),
    );
    return orchestration("named", (o) => o.start(pick).finish(pick));
  }),
];
