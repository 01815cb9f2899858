import type { StoreDamagedFacts } from "./store-damaged-error.ts";
import type { StoreOptionFacts } from "./store-option-error.ts";

/** The facts of the errors of sqlite, by their codes. */
export interface StoreErrorFacts {
  readonly ORCH_JOURNAL_POSITION: { readonly runId: string; readonly from: number; readonly records: number };
  readonly ORCH_NODE_SQLITE: { readonly node: string };
  readonly ORCH_STORE_BUSY: { readonly file: string };
  readonly ORCH_STORE_CLOSED: { readonly file: string };
  readonly ORCH_STORE_DAMAGED: StoreDamagedFacts;
  readonly ORCH_STORE_FAILED: { readonly file: string; readonly problem: string };
  readonly ORCH_STORE_LINK: { readonly file: string };
  readonly ORCH_STORE_NEWER: { readonly file: string; readonly found: number; readonly known: number };
  readonly ORCH_STORE_OPTION: StoreOptionFacts;
  readonly ORCH_STORE_PATH: { readonly path: string };
}

declare module "@orch/core" {
  interface OrchErrorFacts extends StoreErrorFacts {}
}
