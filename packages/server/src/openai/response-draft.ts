import type { ReplyEnd } from "../reply/reply-piece.ts";
import { replyFailure } from "./reply-failure.ts";
import {
  outputPart,
  type ResponseHead,
  type ResponseItem,
  type ResponseState,
  responseObject,
} from "./response-object.ts";
import type { SpokenPiece } from "./spoken-reply.ts";

/** An event of a streamed response, without its number. */
export interface ResponseEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

type Events = Generator<ResponseEvent, void, undefined>;

/** The item that is being written. */
interface OpenItem {
  readonly kind: "message" | "reasoning";
  readonly id: string;
  readonly index: number;
  text: string;
}

/** A response that is being received: takes the pieces of a reply, and tells the events of the protocol. */
export class ResponseDraft {
  readonly #head: ResponseHead;
  readonly #output: ResponseItem[] = [];
  #items = 0;
  #open: OpenItem | undefined;
  #state: ResponseState;

  constructor(head: ResponseHead) {
    this.#head = head;
    this.#state = { status: "in_progress", output: [] };
  }

  /** The response as far as it is known. */
  get response(): object {
    return responseObject(this.#head, { ...this.#state, output: this.#output });
  }

  /** The events before the first piece. */
  *begin(): Events {
    yield { type: "response.created", response: this.response };
    yield { type: "response.in_progress", response: this.response };
  }

  *take(piece: SpokenPiece): Events {
    switch (piece.type) {
      case "answer":
        return yield* this.#add("message", piece.text);
      case "reasoning":
        return yield* this.#add("reasoning", piece.text);
      case "cut":
        yield* this.#close("incomplete");
        // A message that was cut is no part of the response.
        this.#drop();
        return;
      case "end":
        yield* this.#close("completed");
        return yield* this.#end(piece);
    }
  }

  *#add(kind: OpenItem["kind"], text: string): Events {
    if (this.#open?.kind !== kind) yield* this.#start(kind);
    const open = this.#open as OpenItem;
    open.text += text;
    const at = { item_id: open.id, output_index: open.index };
    if (kind === "message") {
      yield { type: "response.output_text.delta", ...at, content_index: 0, delta: text, logprobs: [] };
    } else {
      yield { type: "response.reasoning_summary_text.delta", ...at, summary_index: 0, delta: text };
    }
  }

  *#start(kind: OpenItem["kind"]): Events {
    yield* this.#close("completed");
    const index = this.#items++;
    const id = `${kind === "message" ? "msg" : "rs"}_${index}_${this.#head.id.slice(-24)}`;
    this.#open = { kind, id, index, text: "" };
    yield {
      type: "response.output_item.added",
      output_index: index,
      item: itemOf(this.#open, "in_progress"),
    };
    yield this.#part("added", this.#open);
  }

  *#close(status: "completed" | "incomplete"): Events {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const at = { item_id: open.id, output_index: open.index };
    if (open.kind === "message") {
      yield { type: "response.output_text.done", ...at, content_index: 0, text: open.text, logprobs: [] };
    } else {
      yield { type: "response.reasoning_summary_text.done", ...at, summary_index: 0, text: open.text };
    }
    yield this.#part("done", open);
    const item = itemOf(open, status);
    this.#output.push(item);
    yield { type: "response.output_item.done", output_index: open.index, item };
  }

  #part(what: "added" | "done", { kind, id, index, text }: OpenItem): ResponseEvent {
    const at = { item_id: id, output_index: index };
    if (kind === "message")
      return { type: `response.content_part.${what}`, ...at, content_index: 0, part: outputPart(text) };
    const part = { type: "summary_text", text };
    return { type: `response.reasoning_summary_part.${what}`, ...at, summary_index: 0, part };
  }

  #drop(): void {
    const kept = this.#output.filter(({ status }) => status !== "incomplete");
    this.#output.splice(0, this.#output.length, ...kept);
  }

  *#end(end: ReplyEnd): Events {
    const error = replyFailure(end);
    const { usage, status, questions } = end;
    const ids = status === "asked" ? questions.map(({ question }) => question) : [];
    this.#state = {
      status: status === "cancelled" ? "cancelled" : error === undefined ? "completed" : "failed",
      output: [],
      ...(error && status !== "cancelled" && { error }),
      ...(usage && { usage }),
      questions: ids,
    };
    const type = this.#state.status === "completed" ? "response.completed" : "response.failed";
    yield { type: status === "cancelled" ? "response.incomplete" : type, response: this.response };
  }
}

function itemOf({ kind, id, text }: OpenItem, status: ResponseItem["status"]): ResponseItem {
  const isEmpty = status === "in_progress";
  if (kind === "message") {
    return { type: "message", id, role: "assistant", status, content: isEmpty ? [] : [outputPart(text)] };
  }
  return { type: "reasoning", id, status, summary: isEmpty ? [] : [{ type: "summary_text", text }] };
}
