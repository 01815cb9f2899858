/** The contract of a session store: its interface, and the errors that it throws. */
export type { ChatErrorFacts } from "./errors/error-facts.ts";
export { SessionExistsError } from "./errors/session-exists-error.ts";
export { SessionHeldError } from "./errors/session-held-error.ts";
export { SessionNotHeldError } from "./errors/session-not-held-error.ts";
export { SessionUnknownError } from "./errors/session-unknown-error.ts";
export { addSpent, NOTHING_SPENT } from "./session/session-spent.ts";
export type {
  FoundTurn,
  Session,
  SessionQuery,
  SessionSpent,
  SessionStore,
  SessionSummary,
  TurnRange,
  TurnRecord,
  TurnStart,
  TurnStatus,
} from "./session/session-store.ts";
export { missingWords, searchWords, turnText } from "./session/session-words.ts";
export { rangeOf } from "./session/turn-range.ts";
export type { TurnSummary } from "./session/turn-summary.ts";
