import { orchestration, runnable } from "@orch/core";

let calls = 0;

// Three attempts in all. The waits between them grow, and a cancellation cuts them short.
const resilient = runnable({
  id: "resilient",
  retry: { attempts: 3, firstDelay: 20, factor: 2 },
  timeout: 1_000,
  invoke: async (content: string, ctx) => {
    calls += 1;
    if (calls < 3 || content === "never") throw new RangeError(`no answer to call ${calls}`);
    return { content, success: true, attempt: ctx.attempt };
  },
});

// The way out when no attempt is left: an edge whose source is the failure.
const giveUp = runnable("giveUp", (why: string) => ({ content: why, success: false, attempt: 3 }));

const flow = orchestration("recovery", (o) =>
  o
    .start(resilient)
    .catch(resilient, giveUp, {
      convert: (error, input) => `"${input}" failed: ${(error.cause as Error).message}`,
    })
    .finish(resilient, giveUp),
);
flow.on("state.retrying", ({ attempt, error }) => console.log(`attempt ${attempt} failed: ${error.message}`));

console.log(await flow.run("tides"));
console.log(await flow.run("never"));
