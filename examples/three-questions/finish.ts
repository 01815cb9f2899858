/** The third process: takes the run up where it is, and answers what is left. */
import { openHost, runId, trip } from "./trip.ts";

const host = openHost();
const run = await host.resume(trip, runId);
for await (const event of run.events()) {
  if (event.type === "run.waiting" && run.questions.length === 1) {
    const [{ id, prompt }] = run.questions as [(typeof run.questions)[0]];
    console.log(`still open: "${prompt}"`);
    await run.answer(id, true);
  }
}
console.log(`result: ${await run.result}`);
await host.close();
