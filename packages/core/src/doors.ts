/** The doors to time and chance, and what is made with them: for those who build on the engine. */
export { type CancelTimer, type Clock, systemClock } from "./clock.ts";
export { newId } from "./ids.ts";
export { type Random, systemRandom } from "./random.ts";
export { delayAfter } from "./retry.ts";
export { describeIssues } from "./schema.ts";
