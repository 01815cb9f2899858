import type { PlatformFacts } from "./restate-platform-error.ts";

/** The facts of the errors of restate, by their codes. */
export interface RestateErrorFacts {
  readonly ORCH_RESTATE_DEFINITION: {
    readonly orchestration: string;
    readonly version: string;
    readonly hash: string;
    readonly known: readonly string[];
  };
  readonly ORCH_RESTATE_NOT_REGISTERED: { readonly url: string; readonly service: string };
  readonly ORCH_RESTATE_PAYLOAD: { readonly what: string; readonly bytes: number; readonly limit: number };
  readonly ORCH_RESTATE_PLATFORM: PlatformFacts;
  readonly ORCH_RESTATE_REFUSED: { readonly url: string; readonly status: number; readonly problem: string };
  readonly ORCH_RESTATE_SILENT: {
    readonly url: string;
    readonly timeout: number;
    /** Whether the server has the call; absent for a call that only reads. */
    readonly kept?: "yes" | "no" | "unknown";
  };
  readonly ORCH_RESTATE_UNREACHABLE: { readonly url: string; readonly problem: string };
}

declare module "@orch/core" {
  interface OrchErrorFacts extends RestateErrorFacts {}
}
