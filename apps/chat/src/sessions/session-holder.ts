import { isOrchError } from "@orch/core";

/** Another process that writes a session. */
export interface SessionHolder {
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

/** Who holds the session, as an error tells it; `undefined` for another error. */
export function holderOf(error: unknown): SessionHolder | undefined {
  if (!isOrchError(error, "ORCH_SESSION_HELD")) return undefined;
  const { holder, since } = error.facts;
  return { holder, ...(since !== undefined && { since }) };
}
