/**
 * What a wait costs in a run that waits often, at its beginning and at its end: each wait ends a segment, so each is a taking up.
 *
 *     node --conditions=@orch/source bench/scale-waits.ts [waits]
 *
 * It prints the processor time of server and worker for each tenth of the waits. A wait shall cost at the end what it cost at first.
 */
import { NO_RESTATE, restateServerPath } from "../scripts/restate-server.ts";
import { naps } from "./scale-flows.ts";
import { open, processorTime } from "./scale-place.ts";

if (restateServerPath === undefined) {
  console.log(NO_RESTATE);
  process.exit(0);
}
const WAITS = Number(process.argv[2] ?? 2_000);
const PARTS = 10;
await using place = await open(1, 0);
await naps.run(50, { host: place.host });
const costs: number[] = [];
let waits = 0;
let before = processorTime(place);
const run = naps.start(WAITS, { host: place.host });
for await (const event of run.events()) {
  if (event.type !== "state.completed" || event.state !== "nap") continue;
  waits += 1;
  if (waits % Math.floor(WAITS / PARTS) !== 0) continue;
  const now = processorTime(place);
  costs.push((now - before) / Math.floor(WAITS / PARTS));
  before = now;
  console.log(`after ${waits} waits: ${costs.at(-1)!.toFixed(1)} ms of processor time each`);
}
await run.result;
console.log(`last tenth / first tenth: ${(costs.at(-1)! / costs[0]!).toFixed(2)}`);
process.exit(0);
