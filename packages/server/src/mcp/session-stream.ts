/**
 * The stream of one call in a session. Each event has an id that says which call of which run it belongs to and how far that is,
 * so a client goes on from it after a lost connection, also with a server that was started anew. Leaving stops nothing.
 *
 * Source: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
 */
import type { JsonObject } from "../reply/json-object.ts";
import type { RpcFault, RpcId } from "../reply/json-rpc.ts";
import { RPC_CODE, replyFrame } from "../reply/json-rpc.ts";
import { jsonWord, listOfWord } from "../reply/json-word.ts";
import { questionText } from "../reply/question-text.ts";
import type { OpenPublicQuestion, ReplyEnd } from "../reply/reply-piece.ts";
import { ReplyReader } from "../reply/reply-reader.ts";
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { declinedText } from "./begin-call.ts";
import type { CallAnswer, CallForm } from "./call-form.ts";
import { type LogLevel, logFrame } from "./log-lines.ts";
import type { ClientAbilities } from "./mcp-request.ts";
import { questionForm } from "./question-form.ts";
import { eventOf, progressFrame } from "./rpc-frame.ts";
import type { FormNotice, WaitingCalls } from "./waiting-calls.ts";
import { withNotices } from "./with-notices.ts";

/** A call that is streamed. */
export interface StreamedCall {
  readonly call: DoorCall;
  readonly id: RpcId;
  readonly run: string;
  /** The number of the last event that the client has seen; 0 for a new call. */
  readonly after: number;
  readonly progressToken?: string | number;
  readonly abilities: ClientAbilities;
  readonly waiting: WaitingCalls;
  /** Whether the answer is that of `tasks/result`. */
  readonly isTask: boolean;
  readonly form: CallForm;
  /** From which level on lines of a log are told, and in whose name; absent for a client that wants none. */
  readonly log?: { readonly level: LogLevel; readonly logger: string };
}

/** After how many milliseconds a client that lost the connection comes back. */
const RETRY = 1000;
/** What the id of a request of ours begins with. */
const ASK = "ask_";

/** Makes the stream. */
export async function sessionStream(streamed: StreamedCall): Promise<Response> {
  const { call, run } = streamed;
  const reading = new AbortController();
  const signal = AbortSignal.any([call.signal, reading.signal]);
  const events = await call.runs.follow(run, { signal });
  const { clock, limits } = call;
  return eventStream(framesOf(streamed, events), { clock, ...limits, ended: () => reading.abort() });
}

/** What the id of an event says. */
export function lastEventOf(
  text: string,
):
  | (Pick<StreamedCall, "run" | "after" | "id" | "isTask"> & { readonly progressToken?: string | number })
  | undefined {
  const [run, after, id, isTask, token] = listOfWord(text) ?? [];
  if (typeof run !== "string" || !Number.isSafeInteger(after) || typeof isTask !== "boolean")
    return undefined;
  if (typeof id !== "string" && typeof id !== "number") return undefined;
  const known = typeof token === "string" || typeof token === "number" ? { progressToken: token } : {};
  return { run, after: after as number, id, isTask, ...known };
}

/** The question that a client's reply is for. */
export function askedQuestion(id: RpcId): { readonly run: string; readonly question: string } | undefined {
  if (typeof id !== "string" || !id.startsWith(ASK)) return undefined;
  const [run, question] = listOfWord(id.slice(ASK.length)) ?? [];
  return typeof run === "string" && typeof question === "string" ? { run, question } : undefined;
}

async function* framesOf(
  streamed: StreamedCall,
  events: AsyncGenerator<PublicEvent, void, undefined>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const { run, id, after, isTask, progressToken } = streamed;
  const idAt = (number: number): string =>
    jsonWord([run, number, id, isTask, ...(progressToken === undefined ? [] : [progressToken])]);
  const writer = new CallFrames(streamed, idAt);
  yield { id: idAt(after), retry: RETRY, data: "" };
  for await (const heard of withNotices(events, streamed.waiting, run)) {
    const frames = "notice" in heard ? writer.noticed(heard.notice) : writer.told(heard.event);
    yield* frames;
    if (writer.isOver) return;
  }
  yield* writer.ended();
}

/** Turns what a run tells into messages of the protocol. */
class CallFrames {
  isOver = false;
  readonly #streamed: StreamedCall;
  readonly #idAt: (number: number) => string;
  readonly #reader = new ReplyReader(0);
  readonly #params: JsonObject;
  #end: ReplyEnd | undefined;
  #open: readonly OpenPublicQuestion[] = [];
  readonly #asked = new Set<string>();
  #number = 0;
  #times = 0;

  constructor(streamed: StreamedCall, idAt: (number: number) => string) {
    this.#streamed = streamed;
    this.#idAt = idAt;
    const { progressToken } = streamed;
    this.#params = progressToken === undefined ? {} : { _meta: { progressToken } };
  }

  async *told(event: PublicEvent): AsyncGenerator<ServerSentEvent, void, undefined> {
    const isNew = event.number > this.#streamed.after;
    const { log } = this.#streamed;
    const line = log === undefined || !isNew ? undefined : logFrame(event, log.logger, log.level);
    // A line has no id: a stream goes on from the last thing that has to be told.
    if (line !== undefined) yield eventOf(line);
    this.#number = event.number;
    for (const piece of this.#reader.take(event)) {
      if (piece.type === "end" && piece.status !== "asked") {
        this.#end = piece;
        continue;
      }
      this.#end = undefined;
      if (piece.type === "end") yield* this.#ask(piece, isNew);
      else if (piece.type === "state" && isNew) {
        const frame = progressFrame(this.#params, piece.number, piece);
        if (frame !== undefined) yield eventOf(frame, this.#idAt(piece.number));
      }
    }
  }

  *noticed({ question, refused }: FormNotice): Generator<ServerSentEvent> {
    const open = this.#open.find((one) => one.question === question);
    if (open === undefined) return;
    if (refused !== undefined) return yield this.#request(open, refused);
    yield* this.#answer(this.#streamed.form.unanswered(declinedText(this.#streamed.run)));
  }

  /** The run told all that it will tell. */
  *ended(): Generator<ServerSentEvent> {
    // Without an end the server stops: the client comes back with the id of the last event.
    if (this.#end !== undefined && this.#end.status !== "parked")
      yield* this.#answer(this.#streamed.form.ended(this.#end));
  }

  async *#ask({ questions }: ReplyEnd, isNew: boolean): AsyncGenerator<ServerSentEvent, void, undefined> {
    const { call, run, abilities, form } = this.#streamed;
    // What is told of earlier may have been answered since.
    const { questions: now } = await call.runs.describe(run);
    this.#open = questions.filter(({ question }) => now.some((one) => one.question === question));
    if (this.#open.length === 0) return;
    if (!abilities.elicitation) {
      const asks = this.#open.map(({ prompt }) => questionText(prompt)).join("\n");
      const text = `The run ${run} asks a person, which this client cannot:\n${asks}`;
      return yield* this.#answer(form.unanswered(text));
    }
    for (const question of this.#open) {
      if (this.#asked.has(question.question)) continue;
      this.#asked.add(question.question);
      if (isNew) yield this.#request(question);
    }
  }

  #request({ question, prompt, schema }: OpenPublicQuestion, refused?: string): ServerSentEvent {
    const { run, isTask } = this.#streamed;
    const text = questionText(prompt);
    const form = questionForm(refused === undefined ? text : `${refused}\n${text}`, schema);
    const { message, requestedSchema } = form;
    const params = { message, requestedSchema, ...(isTask && relatedTask(run)) };
    const id = ASK + jsonWord([run, question, ++this.#times]);
    return eventOf({ jsonrpc: "2.0", id, method: "elicitation/create", params }, this.#idAt(this.#number));
  }

  *#answer(answer: CallAnswer): Generator<ServerSentEvent> {
    this.isOver = true;
    const { id, run, isTask } = this.#streamed;
    const told =
      isTask && "result" in answer ? { result: { ...answer.result, ...relatedTask(run) } } : answer;
    yield eventOf(replyFrame(id, told), this.#idAt(this.#number));
  }
}

function relatedTask(taskId: string): object {
  return { _meta: { "io.modelcontextprotocol/related-task": { taskId } } };
}

/** The fault of an event that no stream of this server had. */
export function unknownEvent(): RpcFault {
  return { code: RPC_CODE.params, message: "The id of the last event is none that this server gave." };
}
