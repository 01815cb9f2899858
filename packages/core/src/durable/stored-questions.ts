import { AlreadyAnsweredError } from "../errors/already-answered-error.ts";
import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { RunStateError } from "../errors/run-state-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import { UnusedAnswerError } from "../errors/unused-answer-error.ts";
import type { Clock } from "../platform/clock.ts";
import { copyOf } from "../platform/copy-of.ts";
import { given } from "../platform/given.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { Codec } from "./codec.ts";
import { closeQuestions } from "./end-questions.ts";
import type { Folded } from "./folded.ts";
import type { ForeseenState, Foresight } from "./foresight.ts";
import type { JournalStore } from "./journal-store.ts";
import type { Offers } from "./offers.ts";
import { findQuestion, openQuestions, type StoredQuestion } from "./open-questions.ts";
import type { AnswerRequest } from "./stored-request.ts";
import type { StoredJournal, StoredRuns } from "./stored-runs.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** What the questions of stored runs need of a host. */
export interface StoredQuestionsParts {
  readonly store: JournalStore;
  readonly runs: StoredRuns;
  readonly foresight: Foresight;
  readonly offers: Offers;
  readonly codec: Codec;
  readonly clock: Clock;
}

/** The questions of runs that are not driven in this process. */
export class StoredQuestions {
  readonly #parts: StoredQuestionsParts;

  constructor(parts: StoredQuestionsParts) {
    this.#parts = parts;
  }

  /** Gives an answer to the process that drives the run, or keeps it for the next one. Resolves when it counts. */
  async answer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    const { store, foresight, offers, clock } = this.#parts;
    for (let isLast = true; ; isLast = false) {
      const { read, foreseen, made } = await foresight.look(orchestration, runId, isLast);
      const answer = await this.#judged(read, orchestration, question, value, foreseen);
      const judged = { records: read.count, requests: made, now: clock.now() };
      const kept = await store.keep(runId, answer, judged);
      if (typeof kept === "number") return;
      if (kept === "unknown") throw new UnknownRunError({ runId });
      if (kept === "answered") throw new AlreadyAnsweredError({ runId, question });
      // Another process drives it and decides; where that one ended meanwhile, what it left is judged again.
      if (kept === "held" && (await offers.make(runId, answer)) === "taken") return;
    }
  }

  /** Gives an answer to the process that drives the run, which knows its schema. @throws RunStateError when no process does. */
  async offer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    const { runs, offers } = this.#parts;
    const read = await runs.look(orchestration, runId);
    const answer = await this.#judged(read, orchestration, question, value);
    if ((await offers.make(runId, answer)) === "taken") return;
    throw new RunStateError(
      { runId, status: read.stored.status },
      `No process drives the run "${runId}", and without its orchestration the schema of the answer is not known.`,
      `Give the orchestration "${read.stored.orchestration}" as the second argument: host.run(id, orchestration).`,
    );
  }

  /** An answer that fits, as it is kept. A question asked by ctx.ask is checked when the run takes the answer: only the runnable knows its schema. */
  async #judged(
    { folded, stored }: StoredJournal,
    orchestration: AnyOrchestration,
    question: string,
    value: unknown,
    foreseen: ForeseenState = folded,
  ): Promise<AnswerRequest> {
    const { runId } = stored;
    const found = findQuestion(folded, question);
    if (found === undefined || findQuestion(foreseen, question) === undefined) {
      // This process may go on with what was read, and stop since then what asked.
      closeQuestions(folded, foreseen.questions);
      if (folded.open.has(question) && !foreseen.questions.isKnown(question)) {
        const { version } = versionOf(orchestration);
        throw new UnusedAnswerError({ runId, question, orchestration: orchestration.id, version });
      }
      const ids = stillOpen(folded, foreseen).map(({ id }) => id);
      throw foreseen.questions.refusal(runId, question, ids);
    }
    const result = await found.answer?.["~standard"].validate(value);
    if (result?.issues !== undefined)
      throw new InvalidAnswerError({ runId, question, issues: result.issues });
    const json = this.#parts.codec.encode(value, `the answer to "${question}"`) ?? null;
    return { type: "answer", question, value: json, at: this.#parts.clock.now() };
  }
}

/** The questions of a run that are still open when what was kept for it is taken. */
export function stillOpen(folded: Folded, foreseen: ForeseenState): StoredQuestion[] {
  const open = openQuestions(folded);
  return foreseen === folded ? open : open.filter(({ id }) => findQuestion(foreseen, id) !== undefined);
}

/** A question as those see it who answer. */
export function plainQuestion({ id, path, prompt, askedAt, schema }: StoredQuestion): OpenQuestion {
  // Copies: what is looked at may be what the run goes on with.
  return { id, path, prompt: copyOf(prompt), askedAt, ...given({ schema: copyOf(schema) }) };
}
