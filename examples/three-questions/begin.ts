/** The first process: begins the run, and stays until it is killed. */
import { openHost, runId, trip } from "./trip.ts";

const run = trip.start("Lisbon", { host: openHost(), runId });
for await (const event of run.events()) {
  if (event.type === "question.asked") console.log(`asks: ${event.prompt}`);
  if (event.type === "run.waiting") console.log("waits");
}
