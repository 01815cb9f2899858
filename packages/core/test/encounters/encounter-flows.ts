import {
  all,
  background,
  type Clock,
  collect,
  orchestration,
  question,
  type Runnable,
  race,
  runnable,
  sleep,
  until,
} from "@orch/core";
import { z } from "zod";
import { joiningFlows } from "./joining-flows.ts";
import {
  asNobody,
  type EncounterFlow,
  type MakeFlow,
  type Parts,
  paid,
  partsOf,
  TIME,
  type Version,
} from "./waiting-parts.ts";

/** Takes what a state gives, or gives up. */
function paying({ options, pay, giveUp }: Parts, state: Runnable<undefined, unknown>) {
  return orchestration<undefined, unknown>(
    "f",
    (o) => o.start(state).advance(state, pay).catch(state, giveUp, asNobody).finish(pay, giveUp),
    options,
  );
}

/** Waits for a signal when a state is done. */
function signalled({ options }: Parts, state: Runnable<undefined, unknown>) {
  const second = until("second", { signal: paid, timeout: TIME });
  return orchestration<undefined, unknown>(
    "f",
    (o) => o.start(state).advance(state, second, asNobody).finish(second),
    options,
  );
}

const waitingFlows: { readonly [name: string]: MakeFlow } = {
  asks: (parts) => {
    const open = `f/${parts.names.asks}#1`;
    return { flow: paying(parts, parts.asks), question: open, open };
  },
  signals: (parts) => ({
    flow: signalled(parts, parts.waits),
    question: undefined,
    open: `f/${parts.names.waits}#1`,
  }),
  inside: (parts) => {
    const open = `f/${parts.names.asks}#1`;
    return { flow: paying(parts, askedInside(parts)), question: `${open}/question`, open };
  },
  wide: (parts) => {
    const { names, asks, waits } = parts;
    const wide = all("wide", { asks, waits, naps: sleep<undefined>("naps", TIME / 2) });
    const inner = orchestration("inner", (o) => o.start(wide).finish(wide), { deadline: TIME });
    const open = `f/inner#1/wide#1[asks]/${names.asks}#1`;
    return { flow: paying(parts, inner), question: open, open };
  },
  works: (parts) => ({
    flow: signalled(parts, working(parts)),
    question: undefined,
    open: `f/${parts.names.works}#1`,
  }),
  races: (parts) => {
    const { names, asks, waits } = parts;
    const open = `f/pick#1[asks]/${names.asks}#1`;
    return {
      flow: paying(parts, race("pick", { asks, waits })),
      question: open,
      open,
    };
  },
  chooses: (parts) => {
    const { names, asks } = parts;
    const too = question("too", { ask: "?", answer: z.string(), timeout: TIME });
    const open = `f/pick#1[asks]/${names.asks}#1`;
    const flow = paying(parts, race("pick", { asks, too }));
    return { flow, question: open, open, other: "f/pick#1[too]/too#1" };
  },
  mixes: (parts) => {
    const { names } = parts;
    const state = askedInside(parts);
    const too = question("too", { ask: "?", answer: z.string(), timeout: TIME });
    const open = `f/pick#1[state]/${names.asks}#1`;
    const flow = paying(parts, race("pick", { state, too }));
    return { flow, question: `${open}/question`, open, other: "f/pick#1[too]/too#1" };
  },
  behind: ({ names, options, asks, waits, giveUp }) => {
    // The key of what is in the background is its name, so a state with two names stands in a machine with one.
    const late = orchestration<undefined, unknown>("late", (o) => o.start(asks).finish(asks));
    const behind = background("behind", late);
    const collected = collect("collected", behind);
    const flow = orchestration<undefined, unknown>(
      "f",
      (o) =>
        o
          .start(behind)
          .advance(behind, waits)
          .advance(waits, collected, asNobody)
          .catch(collected, giveUp, asNobody)
          .finish(collected, giveUp),
      options,
    );
    return { flow, question: `f/behind#1[late]/late#1/${names.asks}#1`, open: `f/${names.waits}#1` };
  },
};

const flows = { ...waitingFlows, ...joiningFlows };

/** The names of the flows that rest, or work, until something comes from outside or their time is over. */
export const FLOWS: readonly string[] = Object.keys(flows);

/** One of them. */
export function encounterFlow(name: string, clock: Clock, version: Version = "1"): EncounterFlow {
  return flows[name]!(partsOf(version, clock));
}

/** A state that asks while it works. */
function askedInside({ names }: Parts): Runnable<unknown, string> {
  return runnable({
    id: names.asks,
    timeout: TIME,
    invoke: async (_: unknown, ctx) => {
      const key = await ctx.once("key", async () => "k");
      return `${key} ${await ctx.ask({ prompt: "?", answer: z.string() })}`;
    },
  });
}

/** A state that works for some time, and hears its signal. */
function working({ names, clock }: Parts): Runnable<unknown, string> {
  return runnable(
    names.works,
    (_: unknown, { signal: abort }) =>
      new Promise<string>((resolve, reject) => {
        const cancel = clock.after(TIME, () => resolve("worked"));
        const stop = (): void => {
          cancel();
          reject(abort.reason);
        };
        if (abort.aborted) stop();
        else abort.addEventListener("abort", stop, { once: true });
      }),
  );
}
