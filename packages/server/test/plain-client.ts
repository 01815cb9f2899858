/** The plain door and the door of events, as a program without a library uses them. */
import type { PublicEvent } from "../src/words/public-event.ts";
import {
  type Bookmark,
  type DoorClient,
  type DoorPlace,
  type DoorQuestion,
  type DoorReading,
  DoorRefusal,
} from "./door-under-test.ts";
import { ShownTexts } from "./shown-texts.ts";

interface PlainBookmark {
  /** The path of the run or of the session, and of its stream. */
  readonly run: string;
  readonly stream: string;
  readonly after?: string;
  /** The events until then: the page that comes back shows what it showed. */
  readonly events: readonly PublicEvent[];
}

/** Makes the client of runs. */
export function plainClient(place: DoorPlace): DoorClient {
  return {
    begin: async (topic) => {
      const { run } = (await send(place, "/v1/runs", { orchestration: "article", input: { topic } })) as {
        run: string;
      };
      return PlainReading.open(place, { stream: `runs/${run}`, run: `runs/${run}`, events: [] });
    },
    attach: (bookmark) => PlainReading.open(place, bookmark as PlainBookmark),
    answer: async (bookmark, question, answer) => {
      const { run } = bookmark as PlainBookmark;
      await send(place, `/v1/${run}/answers`, { question: question.id, answer });
      return undefined;
    },
    cancel: async (bookmark) => {
      const { run } = bookmark as PlainBookmark;
      await send(place, `/v1/${run}/cancel`, {});
    },
  };
}

/** Makes the client of a chat: it differs by where it begins. */
export function plainChatClient(place: DoorPlace): DoorClient {
  return {
    ...plainClient(place),
    begin: async (text) => {
      const sent = await send(place, "/v1/chats/article/messages", { text });
      const { session, turn } = sent as { readonly session: string; readonly turn: string };
      const run = `chats/article/sessions/${session}`;
      return PlainReading.open(place, { stream: `${run}/turns/${turn}`, run, events: [] });
    },
  };
}

async function send({ url, headers }: DoorPlace, path: string, body: object): Promise<unknown> {
  const sent = { "content-type": "application/json", ...headers };
  const response = await fetch(url + path, { method: "POST", headers: sent, body: JSON.stringify(body) });
  if (!response.ok) throw await refusalOf(response);
  return response.status === 204 ? undefined : response.json();
}

async function refusalOf(response: Response): Promise<DoorRefusal> {
  const kinds: { readonly [status: number]: DoorRefusal["kind"] } = {
    400: "malformed",
    401: "token",
    403: "origin",
    404: "unknown",
    413: "body",
    429: "limit",
  };
  return new DoorRefusal(kinds[response.status] ?? "other", await response.text());
}

class PlainReading implements DoorReading {
  readonly #place: Pick<PlainBookmark, "run" | "stream">;
  readonly #leave = new AbortController();
  readonly #shown = new ShownTexts();
  readonly #events: PublicEvent[] = [];
  readonly #waiting: (() => void)[] = [];
  #received = "";
  #isOver = false;

  static async open(place: DoorPlace, { run, stream, after, events }: PlainBookmark): Promise<PlainReading> {
    const reading = new PlainReading({ run, stream }, events);
    const headers = { ...place.headers, ...(after !== undefined && { "last-event-id": after }) };
    const { signal } = reading.#leave;
    const response = await fetch(`${place.url}/sse/${stream}`, { headers, signal });
    if (!response.ok) throw await refusalOf(response);
    void reading.#read(response);
    return reading;
  }

  constructor(place: Pick<PlainBookmark, "run" | "stream">, events: readonly PublicEvent[]) {
    this.#place = place;
    for (const event of events) this.#take(event);
  }

  async #read(response: Response): Promise<void> {
    try {
      let text = "";
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
        this.#received += piece;
        text += piece;
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const data = block.split("\n").find((line) => line.startsWith("data: "));
          if (data !== undefined) this.#take(JSON.parse(data.slice(6)) as PublicEvent);
        }
      }
    } catch {
      // The server was killed, or the client left.
    }
    this.#isOver = true;
    this.#wake();
  }

  #take(event: PublicEvent): void {
    this.#events.push(event);
    this.#shown.take(event);
    this.#wake();
  }

  bookmark(): Bookmark {
    const after = this.#events.at(-1)?.id;
    return { ...this.#place, events: [...this.#events], ...(after !== undefined && { after }) };
  }

  texts(): readonly string[] {
    return this.#shown.texts;
  }

  received(): string {
    return this.#received;
  }

  async begun(): Promise<void> {
    await this.#until(() => (this.#shown.texts.length > 0 ? true : undefined));
  }

  async saying(text: string): Promise<void> {
    await this.#until(() => (this.#shown.texts.includes(text) ? true : undefined));
  }

  asked(): Promise<DoorQuestion> {
    return this.#until(() => {
      const [question] = this.#shown.questions;
      return question && { id: question.question, prompt: String(question.prompt) };
    });
  }

  ended(): Promise<"completed" | "failed" | "cancelled"> {
    return this.#until(() => {
      const end = this.#events.findLast(({ type }) =>
        /^(run|turn)\.(completed|failed|cancelled)$/.test(type),
      );
      return end?.type.split(".")[1] as "completed" | "failed" | "cancelled" | undefined;
    });
  }

  async leave(): Promise<void> {
    this.#leave.abort();
    await this.#until(() => (this.#isOver ? true : undefined));
  }

  async #until<TValue>(look: () => TValue | undefined): Promise<TValue> {
    for (;;) {
      const value = look();
      if (value !== undefined) return value;
      if (this.#isOver) throw new DoorRefusal("other", `the stream of ${this.#place.stream} ended before`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
