/** The facts of the errors of chat-runtime, by their codes. */
export interface ChatErrorFacts {
  readonly ORCH_CONVERSATION_MISSING: { readonly turnId: string };
  readonly ORCH_PROVIDERS_FAILED: {
    readonly tried: readonly { readonly at: number; readonly code: string }[];
  };
  readonly ORCH_RATE_LIMITED: {
    readonly turns: number;
    readonly interval: number;
    readonly retryAfterMs: number;
  };
  readonly ORCH_ROUTE_UNKNOWN: { readonly route: string; readonly routes: readonly string[] };
  readonly ORCH_RUNTIME_SETUP: { readonly configuration: string; readonly problem: string };
  readonly ORCH_RUNTIME_CLOSED: { readonly sessionId: string };
  readonly ORCH_SESSION_EXISTS: { readonly sessionId: string };
  readonly ORCH_SESSION_HELD: {
    readonly sessionId: string;
    readonly holder: string;
    /** Since when, in milliseconds since the epoch, where that is known. */
    readonly since?: number;
  };
  readonly ORCH_SESSION_IMPORT: { readonly line: number; readonly problem: string };
  readonly ORCH_SESSION_NOT_HELD: { readonly sessionId: string };
  readonly ORCH_SESSION_UNKNOWN: { readonly sessionId: string };
  readonly ORCH_TURN_ANSWERED: { readonly sessionId: string };
  readonly ORCH_TURN_BUSY: { readonly sessionId: string; readonly turnId: string };
  readonly ORCH_TURN_CANCELLED: { readonly turnId: string; readonly reason: string };
  readonly ORCH_TURN_FAILED: { readonly turnId: string; readonly configuration: string };
  readonly ORCH_TURN_QUESTION: { readonly turnId: string | undefined; readonly question: string };
  readonly ORCH_TURN_REPLY: { readonly configuration: string; readonly problem: string };
  readonly ORCH_TURN_SUSPENDED: { readonly turnId: string };
  readonly ORCH_TURN_UNANSWERED: {
    readonly turnId: string;
    readonly question: string;
    readonly prompt: unknown;
  };
}

declare module "@orch/core" {
  interface OrchErrorFacts extends ChatErrorFacts {}
}
