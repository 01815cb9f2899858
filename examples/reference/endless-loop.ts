import { isOrchError, orchestration, runnable } from "@orch/core";

const write = runnable("write", (text: string) => `${text}.`);
const review = runnable("review", (text: string) => ({ text, good: false }));
const publish = runnable("publish", (text: string) => text);
const flow = orchestration("writing", (o) =>
  o
    .start(write)
    .advance(write, review)
    .advance(review, publish, { when: ({ good }) => good, convert: ({ text }) => text })
    .advance(review, write, { convert: ({ text }) => text })
    .finish(publish),
);

try {
  await flow.run("Tides");
} catch (error) {
  if (!isOrchError(error, "ORCH_MAX_STEPS")) throw error;
  console.log(error.message);
}
