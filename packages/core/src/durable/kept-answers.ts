import { isOrchError } from "../errors/orch-error.ts";
import type { CancelTimer, Clock } from "../platform/clock.ts";
import type { DurableDriver } from "./durable-driver.ts";
import type { JournalStore } from "./journal-store.ts";

/** Answers that another process gave are looked for this often, in milliseconds. */
const LOOK_FOR_ANSWERS = 250;

/** Brings the answers that a store keeps to the questions of one run. */
export class KeptAnswers {
  readonly #store: JournalStore;
  readonly #clock: Clock;
  readonly #runId: string;
  /** The answers that were kept when the run was resumed, by question. */
  readonly #known: ReadonlyMap<string, unknown>;
  #looking: CancelTimer | undefined;
  #isOver = false;

  constructor(store: JournalStore, clock: Clock, runId: string, known: ReadonlyMap<string, unknown>) {
    this.#store = store;
    this.#clock = clock;
    this.#runId = runId;
    this.#known = known;
  }

  /** A question was asked. */
  opened(driver: DurableDriver, id: string): void {
    if (this.#known.has(id)) void takeKept(driver, id, this.#known.get(id));
    this.#look(driver);
  }

  /** Stops looking for answers, when this process stops driving the run. */
  end(): void {
    this.#isOver = true;
    this.#looking?.();
  }

  #look(driver: DurableDriver): void {
    if (!this.#store.shared) return;
    this.#looking ??= this.#clock.after(LOOK_FOR_ANSWERS, async () => {
      await this.#take(driver);
      this.#looking = undefined;
      if (!this.#isOver && driver.local.questions.size > 0) this.#look(driver);
    });
  }

  async #take(driver: DurableDriver): Promise<void> {
    try {
      for (const { questionId, value } of await this.#store.answers(this.#runId)) {
        if (driver.local.questions.isOpen(questionId)) await takeKept(driver, questionId, value);
      }
    } catch (error) {
      driver.fail(error);
    }
  }
}

/** Gives a question its kept answer. */
async function takeKept(driver: DurableDriver, id: string, value: unknown): Promise<void> {
  try {
    await driver.local.answer(id, value);
  } catch (error) {
    // An answer that does not fit leaves the question open for another one.
    if (!isOrchError(error)) driver.fail(error);
  }
}
