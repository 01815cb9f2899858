import { type OrchestrationEvent, orchestration, runnable } from "@orch/core";

function handle(event: OrchestrationEvent): void {
  switch (event.type) {
    case "state.started":
      console.log(`state started: ${event.state}`);
      break;
    case "state.completed":
      console.log(`state completed: ${event.state}`);
      break;
    case "state.transition":
      console.log(`transition: ${event.from} -> ${event.to}`);
      break;
    case "run.completed":
      console.log(`orchestration completed: ${event.output}`);
      break;
    case "run.failed":
      console.log(`orchestration failed: ${event.error.code}`);
      break;
  }
}

const measure = runnable("measure", (text: string) => text.length);
const half = runnable("half", (size: number) => {
  if (size % 2 === 1) throw new RangeError(`${size} is odd`);
  return size / 2;
});
const flow = orchestration("monitored", (o) => o.start(measure).advance(measure, half).finish(half));

const off = flow.on("*", handle);
await flow.run("tide");
await flow.run("tides").catch(() => {});
off();
