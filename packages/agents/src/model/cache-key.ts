import { derivedCallId } from "./tool-call-ids.ts";

const LONGEST = 64;

/** The key of a conversation's cache: OpenAI refuses a request with one of more than 64 characters. */
export function cacheKey(sessionId: string): string {
  return sessionId.length <= LONGEST ? sessionId : derivedCallId(sessionId, "wide");
}
