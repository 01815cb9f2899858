/** Events as the server sends them, as far as a page draws them; `@orch/server` has all of them. Those of other types are passed over. */

/** A failure, as a code and a sentence. */
export interface RunError {
  readonly code: string;
  readonly message: string;
}

/** Where the machine moved from a state. */
export interface RunMove {
  readonly to: string;
  readonly cause: "output" | "error" | "rerun";
  readonly label?: string | undefined;
}

interface At {
  /** Hands back where a reader goes on. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}
interface AtState extends At {
  readonly path: string;
  readonly state: string;
}

/** An event of a run. */
export type WireEvent =
  | (At & { readonly type: "run.started" | "run.retried" | "parked" })
  | (At & { readonly type: "run.waiting"; readonly questions: readonly string[] })
  | (At & { readonly type: "run.completed"; readonly output?: unknown; readonly of?: string })
  | (At & { readonly type: "run.failed"; readonly error: RunError })
  | (At & { readonly type: "run.cancelled"; readonly reason: string })
  | (AtState & { readonly type: "state.started"; readonly kind: string; readonly branches?: number })
  | (AtState & {
      readonly type: "state.completed";
      readonly output?: unknown;
      readonly said?: true;
      readonly duration: number;
    })
  | (AtState & {
      readonly type: "state.failed";
      readonly error: RunError;
      readonly cancelled: boolean;
      readonly duration: number;
    })
  | (AtState & { readonly type: "state.retrying"; readonly error: RunError })
  | (AtState & { readonly type: "state.skipped" })
  | (At & RunMove & { readonly type: "state.moved"; readonly path: string })
  | (AtState & { readonly type: "text.delta"; readonly text: string; readonly answer: boolean })
  | (At & { readonly type: "text.cut"; readonly path: string })
  | (AtState & {
      readonly type: "question.asked";
      readonly question: string;
      readonly prompt: unknown;
      readonly schema?: { readonly [key: string]: unknown } | undefined;
    })
  | (AtState & { readonly type: "question.answered"; readonly question: string });
