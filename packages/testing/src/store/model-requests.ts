import type { RequestState, RunRequest, StoredRequest, Verdict } from "@orch/core/host";

/** The requests of one run as they must be. */
export class ModelRequests {
  readonly #runId: string;
  #all: readonly StoredRequest[] = [];

  constructor(runId: string) {
    this.#runId = runId;
  }

  get all(): readonly StoredRequest[] {
    return this.#all;
  }

  add(request: RunRequest, state: RequestState): number {
    const number = this.#all.length + 1;
    this.#all = [...this.#all, { runId: this.#runId, number, request, state }];
    return number;
  }

  isKept(question: string): boolean {
    return this.#all.some(
      ({ state, request }) => state === "kept" && request.type === "answer" && request.question === question,
    );
  }

  decide(verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) {
      this.#all = this.#all.map((one) =>
        one.number === verdict.number && (one.state === "open" || one.state === "kept")
          ? { ...one, ...verdict }
          : one,
      );
    }
  }

  withdraw(number: number): StoredRequest | undefined {
    const one = this.#all[number - 1];
    if (one?.state === "open") this.decide([{ number, state: "refused" }]);
    return this.#all[number - 1];
  }
}
