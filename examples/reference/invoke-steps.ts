import { type OrchestrationEvent, orchestration, runnable, speech } from "@orch/core";
import { z } from "zod";

const Topic = z.string().trim().min(3);
const plan = runnable({
  id: "plan",
  input: Topic,
  output: z.array(z.string()),
  invoke: (topic: string, ctx) => {
    ctx.emit(speech, "thinking");
    return [`${topic} today`, `${topic} tomorrow`];
  },
});
const report = runnable("report", (queries: readonly string[], ctx) => {
  ctx.emit(speech, "writing");
  return queries.join(", ");
});
const flow = orchestration("flow", (o) => o.start(plan).advance(plan, report).finish(report));

/** The steps of an invocation that an event shows. */
function stepsOf(event: OrchestrationEvent): readonly string[] {
  switch (event.type) {
    case "run.started":
      return [`1 input validation: ${JSON.stringify(event.input)}`];
    case "state.started":
      return [`2 state selection: ${event.state}`];
    case "state.output":
      return [`3 state execution: ${event.data}`];
    case "state.completed":
      return [`4 output processing: ${JSON.stringify(event.output)}`];
    case "state.transition":
      return [
        `5 transition check: ${event.advancers.map(({ to, verdict }) => `${to} ${verdict}`)}`,
        `6 state transition: ${event.from} -> ${event.to}`,
      ];
    case "run.completed":
      return [`7 completion check: ${event.output}`];
    case "state.failed":
      return [`refused: ${event.error.message.split("\n")[0]}`];
    default:
      return [];
  }
}

for (const input of ["  tides ", "x"]) {
  const run = flow.start(input);
  for await (const event of run.events()) for (const step of stepsOf(event)) console.log(step);
}
