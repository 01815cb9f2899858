/** Waits for the end of one batch, for all who wait for it. */
import type { Clock } from "@orch/core";
import { waited } from "../wrappers/wait.ts";
import { type BatchApi, BatchRefusal, type BatchState, refusal, type WholeAnswer } from "./batch-api.ts";

/** How a batch is watched. */
export interface BatchWatching {
  readonly api: BatchApi;
  readonly clock: Clock;
  /** Between two looks, in milliseconds. */
  readonly every: number;
  readonly onState: (state: BatchState) => void;
}

type Answers = ReadonlyMap<string, WholeAnswer>;

/** Looks at a batch as long as somebody waits for it. */
export class BatchWatch {
  readonly #batch: string;
  readonly #with: BatchWatching;
  #waiting = 0;
  #stop: AbortController | undefined;
  #ended: Promise<Answers | undefined> | undefined;

  constructor(batch: string, watching: BatchWatching) {
    this.#batch = batch;
    this.#with = watching;
  }

  /** The answer to a request of the batch. Rejects with the signal's reason when it aborts: the batch goes on. */
  async answer(request: string, signal: AbortSignal): Promise<WholeAnswer> {
    signal.throwIfAborted();
    if (this.#waiting++ === 0) {
      this.#stop = new AbortController();
      this.#ended = this.#look(this.#stop.signal);
      // Who waits is told; where nobody waits any more, nobody is.
      this.#ended.catch(() => undefined);
    }
    try {
      const answers = await unlessAborted(this.#ended!, signal);
      const lost = "The provider ended the batch without an answer to this request.";
      return answers?.get(request) ?? refusal(500, "api_error", lost);
    } catch (error) {
      if (error instanceof BatchRefusal) return error.answer;
      throw error;
    } finally {
      if (--this.#waiting === 0) this.#stop?.abort();
    }
  }

  async #look(signal: AbortSignal): Promise<Answers | undefined> {
    const { api, clock, every, onState } = this.#with;
    let told = "";
    for (;;) {
      const state = await passing(() => api.look(this.#batch));
      if (state !== undefined) {
        const { ended, ...shown } = state;
        const text = JSON.stringify(shown);
        if (text !== told) onState(shown);
        told = text;
        const answers = ended ? await passing(() => api.answers(this.#batch)) : undefined;
        if (answers !== undefined) return answers;
      }
      if (!(await waited(clock, every, signal))) return undefined;
    }
  }
}

/** A call that failed in a way that may pass gives nothing: a batch that takes hours outlives that. */
async function passing<TValue>(call: () => Promise<TValue>): Promise<TValue | undefined> {
  try {
    return await call();
  } catch (error) {
    const status = error instanceof BatchRefusal ? error.answer.status : 500;
    if (status === 408 || status === 409 || status === 429 || status >= 500) return undefined;
    throw error;
  }
}

function unlessAborted<TValue>(work: Promise<TValue>, signal: AbortSignal): Promise<TValue> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
