/** The questions of the turn that runs: which are put to the user, which the user has answered for good, and what became of each. */
import type { ChatEvent } from "@orch/chat-runtime";
import { isOrchError } from "@orch/core";
import { issueWords } from "./answer-words.ts";
import { type Asked, AskedQuestions } from "./asked.ts";
import { covers, type Grant, type GrantScope, grantOf } from "./grants.ts";
import type { PanelAction } from "./panel.ts";
import type { PanelEffect } from "./panel-state.ts";

/** The part of the chat that questions use. */
export interface QuestionDoors {
  /** The name of what answers. */
  readonly orchestration: string;
  /** Gives an answer to the run; rejects when it does not fit. */
  readonly answer: (id: string, value: unknown) => Promise<void>;
  /** What is granted in this project. */
  readonly granted: () => Promise<readonly Grant[]>;
  readonly grant: (grant: Grant) => Promise<void>;
  /** Changes the panel. */
  readonly panel: (action: PanelAction) => void;
  /** A question was put that was not there before. */
  readonly put: () => void;
  readonly failed: (error: unknown) => void;
}

/** A question that has its answer. */
export interface AnsweredQuestion {
  readonly asked: Asked;
  readonly answer: unknown;
  /** Whether a grant answered it. */
  readonly granted: boolean;
}

/** What is known of a question: whether a grant covers it is still looked up, it waits for the user, or a grant answers it. */
type Verdict = "sought" | "put" | "granted";

/** Follows one turn. */
export class LiveQuestions {
  readonly #doors: QuestionDoors;
  readonly #asked = new AskedQuestions();
  readonly #verdicts = new Map<string, Verdict>();
  /** What was granted for this run, with what was granted for good meanwhile. */
  #grants: readonly Grant[] = [];
  #shown: readonly Asked[] = [];

  constructor(doors: QuestionDoors) {
    this.#doors = doors;
  }

  /** The questions that wait for the user, oldest first. */
  get shown(): readonly Asked[] {
    return this.#shown;
  }

  /** Takes an event; gives the question that it answered. */
  take(event: ChatEvent): AnsweredQuestion | undefined {
    const asked =
      event.type === "question.answered"
        ? this.#asked.open.find(({ id }) => id === event.question)
        : undefined;
    this.#asked.take(event);
    if (asked === undefined || event.type !== "question.answered") return undefined;
    const granted = this.#verdicts.get(asked.id) === "granted";
    this.#verdicts.delete(asked.id);
    return { asked, answer: event.answer, granted };
  }

  /** Puts what is open to the user, and answers what the user has allowed. */
  settle(): void {
    const { open } = this.#asked;
    for (const asked of open) if (!this.#verdicts.has(asked.id)) this.#judge(asked);
    const shown = open.filter(({ id }) => this.#verdicts.get(id) === "put");
    if (shown.length === this.#shown.length && shown.every((asked, at) => asked === this.#shown[at])) return;
    const isNew = shown.some(({ id }) => !this.#shown.some((before) => before.id === id));
    this.#shown = shown;
    this.#doors.panel({ type: "questions", questions: shown });
    if (isNew) this.#doors.put();
  }

  /** Carries out what the panel decided. */
  perform(effect: Exclude<PanelEffect, { readonly type: "edit-answer" }>): Promise<void> {
    return effect.type === "answer"
      ? this.answer(effect.id, effect.values)
      : this.grant(effect.id, effect.scope);
  }

  /** Gives an answer: the readings one after the other, until one fits. Never rejects. */
  async answer(id: string, values: readonly unknown[]): Promise<void> {
    let refusal: unknown;
    for (const value of values) {
      try {
        await this.#doors.answer(id, value);
        return;
      } catch (error) {
        refusal = error;
        if (!isOrchError(error, "ORCH_INVALID_ANSWER")) break;
      }
    }
    // A question that was closed in the meantime already shows its end on the screen.
    if (!this.#asked.open.some((asked) => asked.id === id)) return;
    if (isOrchError(refusal, "ORCH_INVALID_ANSWER"))
      this.#doors.panel({ type: "refused", id, ...issueWords(refusal.facts.issues) });
    else {
      this.#doors.panel({ type: "refused", id, problem: "The answer was not taken.", path: [] });
      this.#doors.failed(refusal);
    }
  }

  /** Allows calls like that of a question, and answers the others that wait for it. */
  async grant(id: string, scope: GrantScope): Promise<void> {
    const { orchestration, grant: keep, failed } = this.#doors;
    const call = this.#asked.open.find((asked) => asked.id === id)?.call;
    if (call === undefined) return;
    const grant = grantOf(orchestration, call, scope);
    this.#grants = [...this.#grants, grant];
    for (const asked of this.#asked.open) if (asked.id !== id) this.#allow(asked);
    this.settle();
    if (scope === "run") return;
    try {
      await keep(grant);
    } catch (error) {
      failed(error);
    }
  }

  #judge(asked: Asked): void {
    if (asked.call === undefined) {
      this.#verdicts.set(asked.id, "put");
      return;
    }
    if (this.#allow(asked)) return;
    this.#verdicts.set(asked.id, "sought");
    void this.#seek(asked);
  }

  async #seek(asked: Asked): Promise<void> {
    const granted = await this.#doors.granted().catch(() => []);
    if (this.#verdicts.get(asked.id) !== "sought" || this.#allow(asked, granted)) return;
    this.#verdicts.set(asked.id, "put");
    this.settle();
  }

  /** Answers a question whose call is covered. */
  #allow(asked: Asked, grants: readonly Grant[] = this.#grants): boolean {
    const { id, call } = asked;
    if (call === undefined || !covers(grants, this.#doors.orchestration, call)) return false;
    if (this.#verdicts.get(id) === "granted") return true;
    this.#verdicts.set(id, "granted");
    this.#doors.answer(id, true).catch(() => {
      // Then the user says it.
      this.#verdicts.set(id, "put");
      this.settle();
    });
    return true;
  }
}
