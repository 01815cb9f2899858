import type {
  EventsOptions,
  OpenQuestion,
  OrchestrationEvent,
  RunDescription,
  RunStatus,
  SignalKind,
  SignalOptions,
} from "@orch/core";
import {
  type AnyOrchestration,
  answerRun,
  type CalledRun,
  cancelRun,
  type DefinitionChange,
  type KeptRun,
  type RunClient,
  RunView,
  signalRun,
  versionOf,
} from "@orch/core/host";
import type { RunCard } from "../words/run-card.ts";
import { outputOf } from "./restate-client.ts";
import { AFTER_ALL } from "./run-ends.ts";
import { type FeedParts, followRun, readUntilNow } from "./run-feed.ts";

/** What a run stands on. */
export interface RestateRunParts extends FeedParts {
  readonly client: RunClient;
  readonly orchestration: AnyOrchestration | undefined;
}

/** A run on a server, to follow and to steer from any process, with or without its orchestration. */
export class RestateRun implements KeptRun {
  readonly id: string;
  readonly #parts: RestateRunParts;
  readonly #called: CalledRun;
  #result: Promise<unknown> | undefined;

  constructor(id: string, parts: RestateRunParts) {
    this.id = id;
    this.#parts = parts;
    this.#called = { runId: id, client: parts.client };
  }

  get result(): Promise<unknown> {
    this.#result ??= this.#parts.client.end(this.id).then(outputOf);
    this.#result.catch(() => {});
    return this.#result;
  }

  async status(): Promise<RunStatus> {
    return (await this.card()).status;
  }

  /** The run as a list shows it. */
  async card(): Promise<RunCard> {
    return (await readUntilNow(this.id, this.#parts, AFTER_ALL)).card;
  }

  async describe(): Promise<RunDescription> {
    const { view, card } = await this.#view();
    return view.describe(card.status);
  }

  async change(): Promise<DefinitionChange> {
    const { orchestration } = this.#parts;
    const { hash } = await this.card();
    return { same: orchestration === undefined || versionOf(orchestration).hash === hash };
  }

  async questions(): Promise<readonly OpenQuestion[]> {
    return (await this.#view()).view.questions;
  }

  async *events(options: EventsOptions = {}): AsyncGenerator<OrchestrationEvent, void, undefined> {
    const { from = 1, signal } = options;
    for await (const { events } of followRun(this.id, this.#parts, signal)) {
      for (const event of events) {
        if (signal?.aborted === true) return;
        if (event.seq >= from) yield event;
      }
    }
  }

  answer(question: string, value: unknown): Promise<void> {
    const open = async (): Promise<readonly string[]> => (await this.questions()).map(({ id }) => id);
    return answerRun(this.#called, question, value, open);
  }

  signal<TInput>(
    kind: SignalKind<unknown, TInput> | string,
    value: NoInfer<TInput>,
    options: SignalOptions = {},
  ): Promise<void> {
    const named = typeof kind === "string" ? { name: kind, limit: Number.POSITIVE_INFINITY } : kind;
    return signalRun(this.#called, named, value, options);
  }

  cancel(reason = "the run was cancelled"): Promise<void> {
    return cancelRun(this.#called, reason);
  }

  async #view(): Promise<{ readonly view: RunView; readonly card: RunCard }> {
    const { events, card } = await readUntilNow(this.id, this.#parts);
    const view = new RunView(this.id);
    for (const event of events) view.hear(event);
    return { view, card };
  }
}
