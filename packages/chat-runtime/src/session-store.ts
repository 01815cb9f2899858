/** The contract of a session store: its interface, and the errors that it throws. */
export type { ChatErrorFacts } from "./errors/error-facts.ts";
export { SessionHeldError } from "./errors/session-held-error.ts";
export { SessionNotHeldError } from "./errors/session-not-held-error.ts";
export { SessionUnknownError } from "./errors/session-unknown-error.ts";
export type {
  FoundTurn,
  Session,
  SessionStore,
  SessionSummary,
  TurnRecord,
  TurnStart,
  TurnStatus,
} from "./session/session-store.ts";
