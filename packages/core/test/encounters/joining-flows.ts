/** Flows of encounters whose lists grow, whose results are taken as they come, whose states are made on the way, and the like. */
import {
  all,
  blueprint,
  choose,
  circuit,
  dossier,
  each,
  exit,
  FatalError,
  items,
  OrchestrationAdvancer,
  orchestration,
  type RunContext,
  type Runnable,
  runnable,
  sharedState,
  until,
} from "@orch/core";
import { asNobody, type MakeFlow, type Parts, paid, TIME } from "./waiting-parts.ts";

const ballot = sharedState("ballot", {
  yes: { start: 0, reduce: (all: number, more: number) => all + more },
});
const more = items<string>("more");
const desk = dossier<{ from: string }>("desk");

/** Adds a second item to its list. */
const adds = runnable("adds", async (item: string, ctx) => {
  if (item === "a") more.add(ctx, "b", { key: "b" });
  return item;
});

/** Does a fan-out over a list. */
function listed({ options, pay, giveUp }: Parts, fan: Runnable<readonly string[], unknown>) {
  const list = runnable("list", () => ["a", "c"]);
  return orchestration<undefined, unknown>(
    "f",
    (o) =>
      o.start(list).advance(list, fan).advance(fan, pay).catch(fan, giveUp, asNobody).finish(pay, giveUp),
    options,
  );
}

/** Lists: results that are taken as they come, items that are added, and a rest that goes on in the background. */
const listFlows: { readonly [name: string]: MakeFlow } = {
  follows: (parts) => {
    const quick = runnable("quick", async (item: string) => item);
    const open = `f/fan#1[0]/${parts.names.asks}#1`;
    const fan = each("fan", quick, { follow: parts.asks, concurrency: 2 });
    return { flow: listed(parts, fan), question: open, open };
  },
  grows: (parts) => {
    const { names, waits } = parts;
    const page = orchestration<string, unknown>("page", (o) =>
      o.start(adds).advance(adds, waits).finish(waits),
    );
    const flow = listed(parts, each("fan", page, { items: more, concurrency: 2 }));
    return { flow, question: undefined, open: `f/fan#1[0]/page#1/${names.waits}#1` };
  },
  rests: (parts) => {
    const { names, asks } = parts;
    const both = orchestration<string, unknown>("both", (o) =>
      o.start(adds).advance(adds, asks).finish(asks),
    );
    const open = `f/fan#1[1]/both#1/${names.asks}#1`;
    const fan = each("fan", both, { first: 1, rest: "background", items: more });
    return { flow: listed(parts, fan), question: open, open };
  },
};

/** States that are made on the way, and picked by name. */
const madeFlows: { readonly [name: string]: MakeFlow } = {
  makes: ({ names, options, asks, pay, giveUp }) => {
    const made = blueprint("made", ({ word }: { readonly word: string }): Runnable<string, string> => {
      const say = runnable(
        "say",
        async (text: string, ctx: RunContext) => `${text}, ${word} ${desk.of(ctx).get("from")}`,
      );
      return orchestration("inner", (o) => o.start(asks).advance(asks, say).finish(say));
    });
    class ToMade extends OrchestrationAdvancer<string, string> {
      override readonly targets = [made];
      override readonly add = desk.add((text: string) => ({ from: text }));
      override convertOutput(text: string): string {
        return text;
      }
      override getNextRunnable(text: string): Runnable<string, string> {
        return made({ word: text });
      }
    }
    const first = runnable("first", () => "first");
    const flow = orchestration<undefined, unknown>(
      "f",
      (o) =>
        o
          .start(first)
          .advanceBy(first, new ToMade())
          .advance(made, pay)
          .catch(made, giveUp, asNobody)
          .finish(pay, giveUp),
      options,
    );
    const open = `f/made#1/${names.asks}#1`;
    return { flow, question: open, open };
  },
  picks: ({ names, options, asks, waits, pay, giveUp }) => {
    const again = orchestration<unknown, unknown>("again", (o) => o.start(asks).finish(asks));
    const pick = choose("pick", { a: () => again, b: () => waits }, () => "a");
    const flow = orchestration<undefined, unknown>(
      "f",
      (o) => o.start(pick).advance(pick, pay).catch(pick, giveUp, asNobody).finish(pay, giveUp),
      options,
    );
    const open = `f/pick#1/a#1/${names.asks}#1`;
    return { flow, question: open, open };
  },
};

/** Waits for a condition and a signal at once, a branch that ends the whole, and a circuit. */
const otherFlows: { readonly [name: string]: MakeFlow } = {
  meets: ({ names, options, asks, pay, giveUp }) => {
    const met = until("met", {
      signal: paid,
      when: (_: unknown, ctx) => ctx.state(ballot).get("yes") > 0,
      timeout: TIME,
    });
    const vote = runnable("vote", async (answer: string, ctx) => {
      ctx.state(ballot).add("yes", 1);
      return answer;
    });
    const votes = orchestration<undefined, unknown>("votes", (o) =>
      o.start(asks).advance(asks, vote).catch(asks, giveUp, asNobody).finish(vote, giveUp),
    );
    const both = all("both", { met, votes });
    const flow = orchestration<undefined, unknown>(
      "f",
      (o) => o.start(both).advance(both, pay).finish(pay),
      options,
    );
    const open = `f/both#1[votes]/votes#1/${names.asks}#1`;
    return { flow, question: open, open };
  },
  exits: ({ names, options, asks, waits, giveUp }) => {
    const alarm = exit("alarm", asks, { when: () => true });
    const both = all("both", { alarm, waits });
    const flow = orchestration<undefined, unknown>(
      "f",
      (o) => o.start(both).catch(both, giveUp, asNobody).finish(both, alarm, giveUp),
      options,
    );
    const open = `f/both#1[alarm]/alarm#1/${names.asks}#1`;
    return { flow, question: open, open };
  },
  breaks: ({ options, pay }) => {
    const breaks = runnable("breaks", async (item: number, ctx: RunContext) => {
      if (ctx.choice === undefined) throw new FatalError("no money");
      return `${item} ${JSON.stringify(ctx.choice)}`;
    });
    const numbers = runnable("numbers", () => [1, 2, 3]);
    const dear = each("dear", breaks, { settled: true, concurrency: 2 });
    const flow = orchestration<undefined, unknown>(
      "f",
      (o) => o.start(numbers).advance(numbers, dear).advance(dear, pay).finish(pay),
      { ...options, deadline: TIME, onTerminal: circuit() },
    );
    return {
      flow,
      question: "f/circuit#1",
      open: "f/dear#1[0]/breaks#1",
      says: (text) => ({ choice: "go on", data: text }),
    };
  },
};

/** The flows. */
export const joiningFlows: { readonly [name: string]: MakeFlow } = {
  ...listFlows,
  ...madeFlows,
  ...otherFlows,
};
