/** Orchestrations that several processes know. */
import {
  channel,
  each,
  type Orchestration,
  orchestration,
  question,
  runnable,
  type Schema,
  sleep,
} from "@orch/core";

/** A schema that takes strings. */
const text: Schema<string> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) =>
      typeof value === "string" ? { value } : { issues: [{ message: "expected a text" }] },
  },
};

/** Asks, and does something with the answer. */
export function asking(act: (answer: string) => Promise<string>): Orchestration<string, string> {
  const ask = question("ask", { ask: (input: string) => `${input}?`, answer: text });
  const work = runnable("work", act);
  return orchestration("asking", (o) => o.start(ask).advance(ask, work).finish(work));
}

/** Does one thing, waits for an hour, and does another. */
export function sleeping(act: (input: string) => Promise<string>): Orchestration<string, string> {
  const first = runnable("first", act);
  const hour = sleep<string>("hour", 3_600_000);
  const second = runnable("second", act);
  return orchestration("sleeping", (o) =>
    o.start(first).advance(first, hour).advance(hour, second).finish(second),
  );
}

const words = channel<number>("words");

/** Emits much, spends, fails now and then and tries again, side by side and in line. */
export const talking: Orchestration<number, number> = (() => {
  const talk = runnable({
    id: "talk",
    retry: { attempts: 3, firstDelay: 1, jitter: false },
    invoke: async (n: number, ctx) => {
      for (let word = 0; word < 20; word++) ctx.emit(words, word);
      ctx.spend({ outputTokens: 20 });
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (n % 5 === 0 && ctx.attempt === 1) throw new Error(`not ${n}`);
      return n + 1;
    },
  });
  const several = runnable("several", (n: number) => [n, n + 1, n + 2]);
  const talks = each("talks", talk);
  const highest = runnable("highest", (all: readonly number[]) => Math.max(...all));
  return orchestration("talking", (o) =>
    o
      .start(talk)
      .advance(talk, talk, { when: (n) => n % 20 !== 0 })
      .advance(talk, several)
      .advance(several, talks)
      .advance(talks, highest)
      .advance(highest, talk, { when: (n) => n < 60 })
      .finish(highest),
  );
})();
