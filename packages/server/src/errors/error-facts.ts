/** The facts of the errors of the server, by their codes. */
export interface ServerErrorFacts {
  readonly ORCH_SERVER_BODY: { readonly limit: number };
  readonly ORCH_SERVER_CLOSING: { readonly retryAfter: number };
  readonly ORCH_SERVER_FAILED: { readonly request: string };
  readonly ORCH_SERVER_FILE: { readonly problem: string; readonly name?: string };
  readonly ORCH_SERVER_INPUT: { readonly orchestration: string; readonly problem: string };
  readonly ORCH_SERVER_LIMIT: { readonly what: string; readonly limit: number; readonly retryAfter: number };
  readonly ORCH_SERVER_METHOD: { readonly method: string; readonly allowed: readonly string[] };
  readonly ORCH_SERVER_PORT: {
    readonly hostname: string;
    readonly port: number;
    readonly reason: "taken" | "forbidden" | "foreign";
  };
  readonly ORCH_SERVER_REFUSED: { readonly status: 401 | 403; readonly problem: string };
  readonly ORCH_SERVER_REQUEST: { readonly problem: string };
  readonly ORCH_SERVER_SETUP: { readonly problem: string };
  readonly ORCH_SERVER_UNKNOWN: { readonly what: string; readonly id: string };
}

declare module "@orch/core" {
  interface OrchErrorFacts extends ServerErrorFacts {}
}
