import {
  all,
  background,
  type Clock,
  collect,
  type Orchestration,
  orchestration,
  question,
  race,
  runnable,
  signal,
  sleep,
  until,
} from "@orch/core";
import { z } from "zod";

/** When all that a flow waits for ends by itself, in milliseconds. */
export const TIME = 600;

/** The kind of signal that is sent. */
export const paid = signal("paid", z.string());

/** A flow, and the question that is open in it, if there is one. */
export interface EncounterFlow {
  readonly flow: Orchestration<undefined, unknown>;
  readonly question: string | undefined;
  /** A state that is open. */
  readonly open: string;
}

const giveUp = runnable("giveUp", () => "gave up");
const asNobody = { convert: () => undefined };
const asks = question("asks", { ask: "?", answer: z.string(), timeout: TIME });
const waits = until("waits", { signal: paid, timeout: TIME });

/** Flows that rest, or work, until something comes from outside or their time is over. */
export function encounterFlows(clock: Clock): { readonly [name: string]: EncounterFlow } {
  const pay = runnable("pay", (answer: unknown) => `took ${JSON.stringify(answer)}`);
  const works = runnable(
    "works",
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
  const askedInside = runnable({
    id: "asks",
    timeout: TIME,
    invoke: async (_: unknown, ctx) => {
      const key = await ctx.once("key", async () => "k");
      return `${key} ${await ctx.ask({ prompt: "?", answer: z.string() })}`;
    },
  });
  const second = until("second", { signal: paid, timeout: TIME });
  const wide = all("wide", { asks, waits, naps: sleep<undefined>("naps", TIME / 2) });
  const inner = orchestration("inner", (o) => o.start(wide).finish(wide), { deadline: TIME });
  const behind = background("behind", asks, {});
  const collected = collect("collected", behind);
  return {
    asks: {
      flow: orchestration("f", (o) =>
        o.start(asks).advance(asks, pay).catch(asks, giveUp, asNobody).finish(pay, giveUp),
      ),
      question: "f/asks#1",
      open: "f/asks#1",
    },
    signals: {
      flow: orchestration("f", (o) => o.start(waits).advance(waits, second, asNobody).finish(second)),
      question: undefined,
      open: "f/waits#1",
    },
    inside: {
      flow: orchestration("f", (o) =>
        o
          .start(askedInside)
          .advance(askedInside, pay)
          .catch(askedInside, giveUp, asNobody)
          .finish(pay, giveUp),
      ),
      question: "f/asks#1/question",
      open: "f/asks#1",
    },
    wide: {
      flow: orchestration("f", (o) =>
        o.start(inner).advance(inner, pay).catch(inner, giveUp, asNobody).finish(pay, giveUp),
      ),
      question: "f/inner#1/wide#1[asks]/asks#1",
      open: "f/inner#1/wide#1[asks]/asks#1",
    },
    works: {
      flow: orchestration("f", (o) => o.start(works).advance(works, second, asNobody).finish(second)),
      question: undefined,
      open: "f/works#1",
    },
    races: {
      flow: orchestration("f", (o) => {
        const pick = race("pick", { asks, waits });
        return o.start(pick).advance(pick, pay).catch(pick, giveUp, asNobody).finish(pay, giveUp);
      }),
      question: "f/pick#1[asks]/asks#1",
      open: "f/pick#1[asks]/asks#1",
    },
    behind: {
      flow: orchestration("f", (o) =>
        o
          .start(behind)
          .advance(behind, waits)
          .advance(waits, collected, asNobody)
          .catch(collected, giveUp, asNobody)
          .finish(collected, giveUp),
      ),
      question: "f/behind#1[asks]/asks#1",
      open: "f/waits#1",
    },
  };
}
