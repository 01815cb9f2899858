/** Follows one run for as long as somebody looks: a source for `useSyncExternalStore`, and for code without React. */
import { type StartTimer, systemTimer } from "../platform/clock.ts";
import { readEvents } from "../wire/read-events.ts";
import { post, problemOf, request, type ServerPlace } from "../wire/server-place.ts";
import type { WireEvent } from "../wire/wire-event.ts";
import { nextView } from "./next-view.ts";
import { NOT_HEARD, type RunView } from "./run-view.ts";

/** How a run is followed. */
export interface RunStoreOptions extends ServerPlace {
  /** Where the door of events is mounted. Default `/sse`. */
  readonly events?: string | undefined;
  /** Where the plain door is mounted. Default `/v1`. */
  readonly calls?: string | undefined;
  readonly after?: StartTimer;
}

/** A lost connection is taken up after so many milliseconds; each further try waits twice as long, up to the longest. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [500, 30_000];

const OVER: readonly RunView["status"][] = ["completed", "failed", "cancelled"];

/** The view of one run, kept up to date while it has listeners. */
export class RunStore {
  readonly #run: string;
  /** Read with each request. */
  options: RunStoreOptions;
  readonly #listeners = new Set<() => void>();
  #view: RunView = NOT_HEARD;
  #lastId: string | undefined;
  #stop: AbortController | undefined;

  constructor(run: string, options: RunStoreOptions = {}) {
    this.#run = run;
    this.options = options;
  }

  /** The view as it is now. */
  readonly view = (): RunView => this.#view;

  /** Calls `listener` after each change. The first listener begins to follow, and when the last one leaves, following ends; the run goes on. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      void this.#follow(this.#stop.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.abort();
      this.#stop = undefined;
    };
  };

  /** Answers a question. Rejects with a {@link ServerCallError} when it is not taken; the question then stays open. */
  readonly answer = (question: string, value: unknown): Promise<void> =>
    this.#call("answers", { question, answer: value });

  /** Sends a signal. One `key` counts once, so that it may be sent again. */
  readonly signal = (kind: string, value?: unknown, key?: string): Promise<void> =>
    this.#call("signals", { signal: kind, value, key });

  /** Stops the run. */
  readonly cancel = (reason?: string): Promise<void> => this.#call("cancel", { reason });

  #call(act: string, body: unknown): Promise<void> {
    return post(
      this.options,
      `${this.options.calls ?? "/v1"}/runs/${encodeURIComponent(this.#run)}/${act}`,
      body,
    );
  }

  /** It never rejects. */
  async #follow(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!signal.aborted && !OVER.includes(this.#view.status)) {
      const before = this.#lastId;
      try {
        if (await this.#read(signal)) return;
      } catch {
        // The connection broke: the run goes on, and so does the reader.
      }
      pause = before === this.#lastId ? Math.min(2 * pause, LONGEST_PAUSE) : FIRST_PAUSE;
      if (!signal.aborted) await this.#wait(pause, signal);
    }
  }

  /** Reads one response to its end; gives whether there is nothing more to read. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const path = `${this.options.events ?? "/sse"}/runs/${encodeURIComponent(this.#run)}`;
    const headers = {
      accept: "text/event-stream",
      ...(this.#lastId && { "last-event-id": this.#lastId }),
    };
    const response = await request(this.options, path, { headers, signal, cache: "no-store" });
    const { status, body } = response;
    if (status === 204) return true;
    if (!response.ok) {
      const problem = await problemOf(response);
      // Too many requests, and what is wrong with the server, may pass.
      if (status === 429 || status >= 500) return false;
      this.#show({ ...this.#view, problem });
      return true;
    }
    for await (const events of readEvents<WireEvent>(body!)) this.#take(events, signal);
    return false;
  }

  /** What arrived together is shown at once. */
  #take(events: readonly WireEvent[], signal: AbortSignal): void {
    if (signal.aborted) return;
    let view = this.#view;
    for (const event of events) {
      view = nextView(view, event);
      this.#lastId = event.id;
    }
    this.#show(view);
  }

  #show(view: RunView): void {
    this.#view = view;
    for (const listener of [...this.#listeners]) listener();
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = (this.options.after ?? systemTimer)(ms, done);
      function done(): void {
        cancel?.();
        signal.removeEventListener("abort", done);
        resolve();
      }
      signal.addEventListener("abort", done);
    });
  }
}
