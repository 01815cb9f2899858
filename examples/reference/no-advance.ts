import { isOrchError, orchestration, runnable } from "@orch/core";

const plan = runnable("plan", (topic: string) => ({ queries: topic === "" ? [] : [topic] }));
const search = runnable("search", (queries: readonly string[]) => queries.length);
const flow = orchestration("searching", (o) =>
  o
    .start(plan)
    .advance(plan, search, {
      when: ({ queries }) => queries.length > 0,
      convert: ({ queries }) => queries,
      label: "has queries",
    })
    .finish(search),
);

try {
  await flow.run("");
} catch (error) {
  if (!isOrchError(error, "ORCH_NO_ADVANCE")) throw error;
  console.log(error.message);
}
