import { orchestration, runnable } from "@orch/core";

interface Draft {
  readonly text: string;
  readonly problems: readonly string[];
}

const write = runnable("write", (topic: string) => `${topic} rise, as is wel known, and fal`);
const validate = runnable("validate", (text: string): Draft => {
  const problems = ["wel", "fal"].filter((word) => text.split(/\W+/).includes(word));
  return { text, problems };
});
const refine = runnable({
  id: "refine",
  maxVisits: 5,
  invoke: ({ text, problems: [first] }: Draft, ctx) => {
    console.log(`visit ${ctx.visit} corrects "${first}"`);
    return text.replace(new RegExp(`\\b${first}\\b`), `${first}l`);
  },
});
const complete = runnable("complete", ({ text }: Draft) => text);

const flow = orchestration("refinement", (o) =>
  o
    .start(write)
    .advance(write, validate)
    .advance(validate, refine, { when: ({ problems }) => problems.length > 0, label: "has problems" })
    .advance(validate, complete)
    .advance(refine, validate)
    .finish(complete),
);
console.log(await flow.run("Tides"));
