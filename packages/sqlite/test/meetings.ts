/** Random meetings of what may end one question: answers, its time, a race, a deadline and cancellations, from several processes. */
import { type Orchestration, orchestration, question, race, runnable, sleep } from "@orch/core";
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
  readonly kind: "answer" | "cancel" | "resume";
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

const names = Object.keys(shapes) as readonly (keyof typeof shapes)[];

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
