/** One turn before a client: its updates, its questions, and where it stands still until a message answers. */
import type { ChatEvent, TurnStream } from "@orch/chat-runtime";
import type { Graph } from "@orch/core";
import type { Asked } from "../questions/asked.ts";
import type { GrantFile } from "../questions/grant-file.ts";
import { LiveQuestions } from "../questions/live-questions.ts";
import type { RailState } from "../rail/rail-entry.ts";
import { railStart } from "../rail/rail-start.ts";
import { agentWarning } from "../sessions/agent-warning.ts";
import { wantedBy } from "../sessions/wanted-by.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import type { AcpClient } from "./acp-client.ts";
import { askClient } from "./ask-client.ts";
import { messageAnswer } from "./message-answer.ts";
import { TurnUpdates } from "./turn-updates.ts";

/** What a turn is told to. */
export interface TurnPlace {
  readonly client: AcpClient;
  readonly sessionId: string;
  readonly folder: string;
  readonly orchestration: string;
  readonly graph: Graph | undefined;
  readonly summarize: RailState["summarize"];
  readonly grants: GrantFile;
  readonly failed: (error: unknown) => void;
}

/** How far a turn came: to its end, or to a question that only a message can answer. */
export type TurnStep = "ended" | "waits";

/** Follows one turn. */
export class AcpTurn {
  readonly stream: TurnStream;
  readonly #place: TurnPlace;
  readonly #updates: TurnUpdates;
  readonly #questions: LiveQuestions;
  readonly #events: AsyncIterator<ChatEvent>;
  /** The event that is waited for; kept while a message is waited for. */
  #next: Promise<IteratorResult<ChatEvent>> | undefined;
  /** Ends what the client is asked, with the turn. */
  readonly #end = new AbortController();
  /** Questions that the client was asked, and those of them that a message has to answer. */
  readonly #asked = new Set<string>();
  readonly #left = new Map<string, Asked>();
  /** What was wrong with the last answer to a question. */
  readonly #problems = new Map<string, string>();
  /** Requests that the client has not answered yet. */
  #open = 0;
  #isWaiting = false;
  #wake: () => void = () => {};
  readonly #warned = new Set<string>();

  constructor(stream: TurnStream, place: TurnPlace) {
    this.stream = stream;
    this.#place = place;
    this.#events = stream[Symbol.asyncIterator]();
    const { graph, orchestration, summarize, folder, grants, failed } = place;
    const rail = railStart(
      graph?.id ?? orchestration,
      graph?.nodes.map(({ id }) => id),
      summarize,
    );
    this.#updates = new TurnUpdates(stream.id, folder, rail);
    this.#questions = new LiveQuestions({
      orchestration,
      answer: stream.answer,
      granted: grants.list,
      grant: grants.add,
      panel: (action) => {
        if (action.type === "refused") this.#problems.set(action.id, action.problem);
      },
      put: () => this.#put(),
      failed,
    });
  }

  /** Tells what happens until the turn has ended, or goes on only by a message. */
  async follow(): Promise<TurnStep> {
    for (;;) {
      this.#next ??= this.#events.next();
      const woken = new Promise<undefined>((resolve) => {
        this.#wake = () => resolve(undefined);
      });
      const next = await Promise.race([this.#next, woken]);
      if (next !== undefined) {
        this.#next = undefined;
        if (next.done === true) break;
        await this.#take(next.value);
      }
      if (this.#isWaiting && this.#open === 0 && this.#left.size > 0) return "waits";
    }
    this.#end.abort();
    return "ended";
  }

  /** Takes a message as the answer to the question that has waited longest; gives what is wrong with it. */
  async answer(message: string): Promise<SafeText | undefined> {
    const [first] = this.#left.values();
    if (first === undefined) return undefined;
    const read = messageAnswer(first, message);
    const problem = "problem" in read ? read.problem : await this.#give(first.id, read.values);
    if (problem === undefined) this.#left.delete(first.id);
    return problem === undefined
      ? undefined
      : safe`That does not fit: ${safeText(problem)}. ${wordsOf(first)}`;
  }

  /** Says words of the program's own. */
  say(text: SafeText): Promise<void> {
    return this.#place.client.update(this.#place.sessionId, this.#updates.say(text));
  }

  async #take(event: ChatEvent): Promise<void> {
    const { client, sessionId } = this.#place;
    for (const update of this.#updates.take(event)) await client.update(sessionId, update);
    await this.#warn(event);
    if (event.type === "run.waiting") {
      this.#isWaiting = true;
      for (const signal of event.signals ?? [])
        await this.say(
          safe`The run waits for the signal ${safeText(signal)}: orch signal ${safeText(event.runId)} ${safeText(signal)} <value>`,
        );
    } else if (event.type === "question.answered" || event.type.startsWith("state.")) this.#isWaiting = false;
    this.#questions.take(event);
    this.#questions.settle();
    const { shown } = this.#questions;
    for (const id of this.#left.keys()) if (!shown.some((one) => one.id === id)) this.#left.delete(id);
  }

  /** What an agent left out, for a client that shows such lines. */
  async #warn(event: ChatEvent): Promise<void> {
    const { client, sessionId } = this.#place;
    const warning = agentWarning(event);
    if (warning === undefined || !client.notices || this.#warned.has(warning)) return;
    this.#warned.add(warning);
    await client.update(sessionId, {
      sessionUpdate: "notice",
      severity: "warning",
      title: safeText(warning),
    });
  }

  /** A question was put that was not there before. */
  #put(): void {
    for (const asked of this.#questions.shown) {
      if (this.#asked.has(asked.id)) continue;
      this.#asked.add(asked.id);
      this.#open++;
      void this.#ask(asked).finally(() => {
        this.#open--;
        this.#wake();
      });
    }
  }

  async #ask(asked: Asked): Promise<void> {
    const { client, sessionId } = this.#place;
    const turn = { sessionId, signal: this.#end.signal, callOf: this.#updates.callOf.bind(this.#updates) };
    let problem: string | undefined;
    for (;;) {
      const answer = await askClient(asked, client, turn, problem);
      if (this.#end.signal.aborted) return;
      if (answer.type === "stop") {
        void this.stream.cancel("stopped by the client");
        return;
      }
      if (answer.type === "message") {
        this.#left.set(asked.id, asked);
        await this.say(wordsOf(asked));
        return;
      }
      if (answer.grant !== undefined) await this.#questions.grant(asked.id, answer.grant);
      problem = await this.#give(asked.id, answer.values);
      if (problem === undefined) return;
    }
  }

  /** Gives an answer; gives what is wrong with it. */
  async #give(id: string, values: readonly unknown[]): Promise<string | undefined> {
    this.#problems.delete(id);
    await this.#questions.answer(id, values);
    return this.#problems.get(id);
  }
}

/** A question in words, for who answers by a message. */
function wordsOf({ prompt, schema, call }: Asked): SafeText {
  const wanted = call !== undefined ? "yes or no" : schema === undefined ? undefined : wantedBy(schema);
  const how =
    wanted === undefined ? safe`Answer by a message.` : safe`Answer by a message: ${safeText(wanted)}.`;
  return safe`${promptText(prompt)}\n\n${how}`;
}
