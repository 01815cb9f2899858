/** Orchestrations that several processes know. */
import { type Orchestration, orchestration, question, runnable, type Schema, sleep } from "@orch/core";

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
