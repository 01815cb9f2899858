import type { PublicUsage } from "../words/public-event.ts";

/** Adds up what the calls of one reply used. */
export class UsageSum {
  #sum: PublicUsage | undefined;

  /** Absent when nothing was counted. */
  get sum(): PublicUsage | undefined {
    return this.#sum;
  }

  add({ inputTokens = 0, outputTokens = 0, cost }: PublicUsage): void {
    const { inputTokens: read = 0, outputTokens: written = 0, cost: before } = this.#sum ?? {};
    const known = cost ?? before;
    this.#sum = {
      inputTokens: read + inputTokens,
      outputTokens: written + outputTokens,
      ...(known !== undefined && { cost: (cost ?? 0) + (before ?? 0) }),
    };
  }

  clear(): void {
    this.#sum = undefined;
  }
}
