/**
 * Random meetings of several processes over one run: of what may end one question (answers, its time, a race, a deadline and
 * cancellations), and of signals for two waits, one after the other.
 */
import {
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
import { seededRandom } from "../../testing/src/sweep/seeded-random.ts";

/** How long a question is open, in milliseconds. */
export const TIME = 300;
/** How many processes meet. */
export const PROCESSES = 3;

/** What somebody does in a meeting. */
export interface Act {
  /** The process that does it. */
  readonly by: number;
  readonly kind: "answer" | "signal" | "cancel" | "resume";
  /** Of a signal. Signals of one key are one signal. */
  readonly key?: string;
  /** When, in milliseconds after the start of the meeting. */
  readonly at: number;
}

/** One meeting. */
export interface Meeting {
  readonly runId: string;
  readonly shape: keyof typeof shapes;
  /** The process that starts the run. */
  readonly driver: number;
  /** Whether that process lets go of the run before the others come. */
  readonly isParked: boolean;
  readonly acts: readonly Act[];
}

const giveUp = runnable("giveUp", () => "gave up");
const pay = runnable("pay", (answer: unknown) => `took ${JSON.stringify(answer)}`);

function asking(first: Parameters<typeof race>[1][string]): Orchestration<never, string> {
  return orchestration("f", (o) =>
    o
      .start(first)
      .advance(first, pay)
      .catch(first, giveUp, { convert: () => undefined })
      .finish(pay, giveUp),
  ) as unknown as Orchestration<never, string>;
}

const answer = z.string();
const asks = question("asks", { ask: "?", answer });
const later = (ms: number) => sleep<unknown>("later", ms);
const byRunnable = runnable({
  id: "asks",
  invoke: async (_: unknown, ctx) => ctx.ask({ prompt: "?", answer }),
});

/** How a question may be closed, with the id of the question. */
export const shapes = {
  timeout: {
    flow: asking(question("asks", { ask: "?", answer, timeout: TIME })),
    id: "f/asks#1",
    by: "timeout",
  },
  race: { flow: asking(race("pick", { asks, later: later(TIME) })), id: "f/pick#1[asks]/asks#1", by: "race" },
  deadline: {
    flow: asking(orchestration("inner", (o) => o.start(asks).finish(asks), { deadline: TIME })),
    id: "f/inner#1/asks#1",
    by: "deadline",
  },
  askInRace: {
    flow: asking(race("pick", { asks: byRunnable, later: later(TIME) })),
    id: "f/pick#1[asks]/asks#1/question",
    by: "race",
  },
} as const;

/** The kind of signal that the processes send. */
export const paid = signal("paid", z.string());

const firstWait = until("first", { signal: paid, timeout: TIME });
const secondWait = until("second", { signal: paid, timeout: TIME / 4 });
const asNobody = { convert: () => undefined };

/** Two waits for signals of one kind. */
export const waiting: Orchestration<never, unknown> = orchestration("w", (o) =>
  o.start(firstWait).advance(firstWait, secondWait, asNobody).finish(secondWait),
) as unknown as Orchestration<never, unknown>;

const names = Object.keys(shapes) as readonly (keyof typeof shapes)[];

/** The meeting of a number over two waits for signals; always the same one for a seed. */
export function signalMeeting(seed: number, number: number): Omit<Meeting, "shape"> {
  const { driver, isParked, acts } = meeting(seed + 1, number);
  const random = seededRandom(seed * 999_983 + number);
  const sent = acts.map((act, index): Act => {
    if (act.kind !== "answer") return act;
    return { ...act, kind: "signal", key: random() < 0.5 ? "twice" : `k${index}` };
  });
  return { runId: `s${number}`, driver, isParked, acts: sent };
}

/** The meeting of a number; always the same one for a seed. */
export function meeting(seed: number, number: number): Meeting {
  const random = seededRandom(seed * 1_000_003 + number);
  const below = (limit: number): number => Math.floor(random() * limit);
  const process = (): number => below(PROCESSES);
  const near = (): number => TIME - 60 + below(120);
  const answers = Array.from(
    { length: 1 + below(3) },
    (): Act => ({ by: process(), kind: "answer", at: near() }),
  );
  const cancels = below(3) === 0 ? [{ by: process(), kind: "cancel", at: near() } as const] : [];
  const isParked = below(3) === 0;
  const resumes = isParked ? [{ by: process(), kind: "resume", at: near() } as const] : [];
  return {
    runId: `m${number}`,
    shape: names[below(names.length)]!,
    driver: process(),
    isParked,
    acts: [...answers, ...cancels, ...resumes],
  };
}
