import type { ReplyEnd, ReplyPiece } from "../reply/reply-piece.ts";
import { ReplyReader } from "../reply/reply-reader.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { endStatus, idsOf, outputArtifact, textArtifact, wordsOf } from "./task-object.ts";

/** What is streamed of a run. */
export interface TaskStreamParts {
  readonly run: string;
  readonly events: AsyncIterable<PublicEvent>;
  /** What is told comes after the event with this number. */
  readonly from: number;
  /** Whether the stream goes on after a question, until the run ends. */
  readonly isToEnd: boolean;
}

type Told = AsyncGenerator<object, void, undefined>;

/**
 * Tells what becomes of a run: each state as a status, what states say as words of a status, the text of the answer as pieces
 * of the artifact, and in the end a status that says how it ended or what it asks. A stream that ends without one was ended
 * from outside; a client subscribes again.
 */
export async function* taskStream({ run, events, from, isToEnd }: TaskStreamParts): Told {
  const reader = new ReplyReader(from);
  const output = new StreamedOutput(run);
  let ended: { readonly end: ReplyEnd; readonly time: number } | undefined;
  let said = 0;
  for await (const event of events) {
    const pieces = [...reader.take(event)];
    const end = pieces.find((piece) => piece.type === "end");
    // A run that is tried again goes on after its end.
    if (event.type === "run.retried") ended = undefined;
    if (end === undefined) {
      for (const piece of pieces) yield* told(run, piece, event, output, said++);
    } else if (end.status === "asked") {
      yield statusUpdate(run, endStatus(run, end, event.time));
      if (!isToEnd) return;
    } else ended = { end, time: event.time };
  }
  if (ended === undefined || ended.end.status === "parked") return;
  const { end, time } = ended;
  if (end.status === "completed") yield* output.whole(end);
  yield statusUpdate(run, endStatus(run, end, time));
}

/** A status as an event of a stream. */
export function statusUpdate(run: string, status: object, metadata?: object): object {
  return { statusUpdate: { ...idsOf(run), status, ...(metadata && { metadata }) } };
}

function* told(
  run: string,
  piece: ReplyPiece | ReplyEnd,
  { time, number }: PublicEvent,
  output: StreamedOutput,
  said: number,
): Generator<object, void, undefined> {
  const working = { state: "TASK_STATE_WORKING", timestamp: new Date(time).toISOString() };
  switch (piece.type) {
    case "text":
      return yield* output.add(piece.text);
    case "cut":
      return yield* output.cut();
    case "state": {
      const { state, kind, path } = piece;
      return yield statusUpdate(run, working, { state, kind, path });
    }
    case "aside": {
      const { state, path, text } = piece;
      const message = wordsOf(run, `said-${number}-${said}`, [text]);
      return yield statusUpdate(run, { ...working, message }, { state, path });
    }
    case "end":
      return;
  }
}

/** The artifact of a run, as far as a stream told it. */
class StreamedOutput {
  readonly #run: string;
  #text = "";
  #isBegun = false;

  constructor(run: string) {
    this.#run = run;
  }

  *add(text: string): Generator<object, void, undefined> {
    this.#text += text;
    yield this.#update(textArtifact(text), this.#isBegun);
  }

  /** What was told counts no more. */
  *cut(): Generator<object, void, undefined> {
    if (this.#text === "") return;
    this.#text = "";
    yield this.#update(textArtifact(""), false);
  }

  /** The output, where it is not what was told in pieces. */
  *whole({ output }: ReplyEnd): Generator<object, void, undefined> {
    const artifact = outputArtifact(output);
    if (artifact !== undefined && output !== this.#text) yield this.#update(artifact, false, true);
  }

  #update(artifact: object, append: boolean, lastChunk = false): object {
    this.#isBegun = true;
    return { artifactUpdate: { ...idsOf(this.#run), artifact, append, lastChunk } };
  }
}
