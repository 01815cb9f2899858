/**
 * Tool calls and questions as parts of a message. A question whether a tool may run, and any other that is answered by yes or
 * no, is an approval of AI SDK UI. Every other question is a call of a tool that the client runs: its output is the answer.
 */
import type { Json } from "@orch/core";
import { approvalOf, promptText, type QuestionKind, questionKind } from "../reply/question-kind.ts";
import type {
  PublicEvent,
  PublicQuestionAnswered,
  PublicQuestionAsked,
  PublicToolCompleted,
  PublicToolProgress,
  PublicToolStarted,
} from "../words/public-event.ts";
import type { UiChunk } from "./ui-chunk.ts";

/** The tool that questions with a form of their own are calls of. */
export const QUESTION_TOOL = "question";

/** A question that the reader has as a part. */
export interface KnownQuestion {
  readonly question: string;
  readonly path: string;
  readonly tool: string;
  readonly kind: QuestionKind["type"];
}

/** `open` until it is answered, `approved` or `denied` until its call begins or is told as ended, then `settled`. */
type Progress = "open" | "approved" | "denied" | "settled";

interface QuestionPart extends KnownQuestion {
  progress: Progress;
}

const ours = { dynamic: true, providerExecuted: true } as const;

/** Makes parts of the calls and questions of one turn. `known` are the questions that the reader has already. */
export class CallParts {
  /** Questions that are open and have no part yet. */
  readonly #asked = new Map<string, PublicQuestionAsked>();
  readonly #known: Map<string, QuestionPart>;
  /** The parts of the calls that go on, by path and call. */
  readonly #calls = new Map<string, string>();

  constructor(known: readonly KnownQuestion[] = []) {
    this.#known = new Map(known.map((part) => [part.question, { ...part, progress: "open" }]));
  }

  /** Gives the parts that an event changes. An open question becomes a part only when the stream ends for it: see {@link wait}. */
  take(event: PublicEvent): UiChunk[] {
    switch (event.type) {
      case "question.asked":
        if (!this.#known.has(event.question)) this.#asked.set(event.question, event);
        return [];
      case "question.answered":
        return this.#answered(event);
      case "tool.started":
        return this.#started(event);
      case "tool.progress":
        return this.#progressed(event);
      case "tool.completed":
        return this.#completed(event);
      default:
        return [];
    }
  }

  /**
   * Makes parts of the questions that wait, in a step of their own: a client sends the answers by itself when everything in the
   * last step is answered.
   */
  wait(): UiChunk[] {
    const asked = [...this.#asked.values()].flatMap((event) => this.#ask(event));
    return asked.length === 0 ? [] : [{ type: "start-step" }, ...asked];
  }

  #ask(event: PublicQuestionAsked): UiChunk[] {
    const { question, path, state, prompt, schema } = event;
    const kind = questionKind(event);
    const tool = kind.type === "call" ? kind.tool : kind.type === "form" ? QUESTION_TOOL : state;
    this.#asked.delete(question);
    this.#known.set(question, { question, path, tool, kind: kind.type, progress: "open" });
    const title = promptText(prompt);
    const call = {
      type: "tool-input-available",
      toolCallId: question,
      toolName: tool,
      title,
      dynamic: true,
      toolMetadata: { orch: { path } },
      input: kind.type === "call" ? kind.input : { prompt, ...(schema && { schema: schema as Json }) },
    } as const;
    if (kind.type === "form") return [call];
    return [
      { ...call, providerExecuted: true },
      { type: "tool-approval-request", approvalId: question, toolCallId: question, reason: title },
    ];
  }

  #answered({ question, answer, closed }: PublicQuestionAnswered): UiChunk[] {
    // One that was asked and answered before the reader came is shown with its answer.
    const asked = this.#asked.get(question);
    const begun = asked === undefined ? [] : this.#ask(asked);
    const part = this.#known.get(question);
    if (part === undefined || part.progress !== "open") return begun;
    if (closed === true) {
      part.progress = "settled";
      const errorText = "Nobody answered, and the run went on.";
      return [...begun, { type: "tool-output-error", toolCallId: question, errorText, ...ours }];
    }
    return [...begun, ...(part.kind === "form" ? this.#filled(part, answer) : this.#decided(part, answer))];
  }

  #filled(part: QuestionPart, output: Json = null): UiChunk[] {
    part.progress = "settled";
    // From here on the part says that the server has it, so that no client sends the answer again.
    return [{ type: "tool-output-available", toolCallId: part.question, output, ...ours }];
  }

  /** A call that was approved goes on as a call; a question of the program's own ends with its answer. */
  #decided(part: QuestionPart, answer: Json | undefined): UiChunk[] {
    const { approved, reason } = approvalOf(answer);
    const id = part.question;
    const told = { approved, ...(reason !== undefined && { reason }) };
    const response: UiChunk = { type: "tool-approval-response", approvalId: id, ...told };
    const isCall = part.kind === "call";
    part.progress = isCall ? (approved ? "approved" : "denied") : "settled";
    if (!approved) return [response, { type: "tool-output-denied", toolCallId: id }];
    if (isCall) return [response];
    return [response, { type: "tool-output-available", toolCallId: id, output: true, ...ours }];
  }

  #started({ path, call, tool, input }: PublicToolStarted): UiChunk[] {
    const key = `${path}:${call}`;
    const approved = this.#settle(path, tool, "approved");
    this.#calls.set(key, approved ?? key);
    // The question about the call is its part.
    if (approved !== undefined) return [];
    const toolMetadata = { orch: { path } };
    return [{ type: "tool-input-available", toolCallId: key, toolName: tool, input, ...ours, toolMetadata }];
  }

  #progressed({ path, call, data }: PublicToolProgress): UiChunk[] {
    const toolCallId = this.#calls.get(`${path}:${call}`);
    if (toolCallId === undefined) return [];
    return [{ type: "tool-output-available", toolCallId, output: data, preliminary: true, ...ours }];
  }

  #completed(event: PublicToolCompleted): UiChunk[] {
    const { path, call, tool, result, failed } = event;
    const key = `${path}:${call}`;
    // A call that was denied completes without having begun, and its part says so already.
    if (!this.#calls.has(key) && this.#settle(path, tool, "denied") !== undefined) return [];
    const begun = this.#calls.has(key) ? [] : this.#started({ ...event, type: "tool.started", input: {} });
    const toolCallId = this.#calls.get(key)!;
    this.#calls.delete(key);
    if (!failed) return [...begun, { type: "tool-output-available", toolCallId, output: result, ...ours }];
    const errorText = typeof result === "string" ? result : JSON.stringify(result);
    return [...begun, { type: "tool-output-error", toolCallId, errorText, ...ours }];
  }

  /** The part of a call that was decided about, and has not been told as begun or ended. */
  #settle(path: string, tool: string, progress: "approved" | "denied"): string | undefined {
    for (const part of this.#known.values()) {
      if (part.path !== path || part.tool !== tool || part.progress !== progress) continue;
      part.progress = "settled";
      return part.question;
    }
    return undefined;
  }
}
