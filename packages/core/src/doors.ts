/** The doors to time and chance, and helpers around them: for packages that build on the engine. */

export { checkEventName } from "./define/event-names.ts";
export { errorData } from "./errors/error-data.ts";
export { messageOf } from "./errors/message-of.ts";
export {
  ABOVE,
  COUNT,
  checkNumbers,
  DELAY,
  LIMIT,
  type NumberRange,
  SPENT,
  TIME,
} from "./errors/number-range.ts";
export { type CancelTimer, type Clock, systemClock } from "./platform/clock.ts";
export { newId } from "./platform/ids.ts";
export { type Random, systemRandom } from "./platform/random.ts";
export { clockOf } from "./run/by-hand.ts";
export { delayAfter } from "./words/retry.ts";
export { describeIssues } from "./words/schema.ts";
