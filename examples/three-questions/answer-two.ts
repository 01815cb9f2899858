/** The second process: answers two of the questions. It needs no claim on the run, and runs nothing of it. */
import { openHost, runId, trip } from "./trip.ts";

const host = openHost();
for (const { id, prompt } of await host.questions(trip, runId)) console.log(`open: ${id} "${prompt}"`);
await host.answer(trip, runId, "trip/gather#1[dates]/dates#1", "in May");
await host.answer(trip, runId, "trip/gather#1[people]/people#1", 2);
console.log("answered two");
await host.close();
