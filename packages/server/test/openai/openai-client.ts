/** The official client of OpenAI, as the common suite of doors uses it: by responses. */
import OpenAI, { APIError } from "openai";
import type { ResponseStream } from "openai/lib/responses/ResponseStream";
import {
  type Bookmark,
  type DoorClient,
  type DoorPlace,
  type DoorQuestion,
  type DoorReading,
  DoorRefusal,
} from "../door-under-test.ts";

const KINDS: { readonly [status: number]: DoorRefusal["kind"] } = {
  400: "malformed",
  401: "token",
  403: "origin",
  404: "unknown",
  413: "body",
  429: "limit",
};

/** Makes the client. */
export function openaiClient({ url, headers }: DoorPlace): DoorClient {
  const received = { text: "" };
  const client = new OpenAI({
    apiKey: "unused",
    baseURL: `${url}/openai/v1`,
    defaultHeaders: headers,
    maxRetries: 0,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const [seen, kept] = response.body?.tee() ?? [];
      void keep(kept, received);
      return new Response(seen ?? null, response);
    },
  });
  const read = (stream: ResponseStream): Promise<DoorReading> => ResponseReading.open(stream, received);
  return {
    begin: (topic) => read(client.responses.stream({ model: "article", input: topic })),
    attach: (bookmark) => read(client.responses.stream({ response_id: bookmark as string })),
    answer: (bookmark: Bookmark, _question: DoorQuestion, value: boolean) =>
      read(
        client.responses.stream({
          model: "article",
          input: value ? "yes" : "no",
          previous_response_id: bookmark as string,
        }),
      ),
    cancel: async (bookmark) => {
      await client.responses.cancel(bookmark as string).catch(refuse);
    },
  };
}

async function keep(body: ReadableStream<Uint8Array> | undefined, into: { text: string }): Promise<void> {
  try {
    const decoder = new TextDecoder();
    for await (const piece of body ?? []) into.text += decoder.decode(piece, { stream: true });
  } catch {
    // The client left, or the server was killed.
  }
}

function refuse(error: unknown): never {
  if (error instanceof APIError) throw new DoorRefusal(KINDS[error.status ?? 0] ?? "other", error.message);
  throw error;
}

/** A response that is streamed. */
class ResponseReading implements DoorReading {
  readonly #stream: ResponseStream;
  readonly #end: Promise<OpenAI.Responses.Response>;
  readonly #received: { text: string };
  readonly #waiting: (() => void)[] = [];
  #id = "";
  #said = "";
  #last: OpenAI.Responses.Response | undefined;

  static async open(stream: ResponseStream, received: { text: string }): Promise<ResponseReading> {
    const reading = new ResponseReading(stream, received);
    const begun = new Promise<void>((resolve) =>
      stream.on("response.created", ({ response }) => {
        reading.#id = response.id;
        resolve();
      }),
    );
    // A stream that is refused ends before it begins.
    await Promise.race([begun, reading.#end.catch(refuse)]);
    return reading;
  }

  constructor(stream: ResponseStream, received: { text: string }) {
    this.#stream = stream;
    this.#received = received;
    const { promise, resolve, reject } = Promise.withResolvers<OpenAI.Responses.Response>();
    this.#end = promise;
    promise.catch(() => {});
    stream.on("response.output_text.delta", ({ delta }) => {
      this.#said += delta;
      for (const wake of this.#waiting.splice(0)) wake();
    });
    stream.on("event", (event) => {
      if (event.type === "response.created") return;
      if ("response" in event && event.type !== "response.in_progress") this.#last = event.response;
    });
    stream.done().then(
      () => (this.#last === undefined ? reject(new DoorRefusal("other", "no end")) : resolve(this.#last)),
      (error: unknown) => (this.#last === undefined ? reject(error) : resolve(this.#last)),
    );
  }

  bookmark(): Bookmark {
    return this.#id;
  }

  texts(): readonly string[] {
    const response = this.#last;
    return response === undefined || isAsking(response) ? [] : [textOf(response)];
  }

  begun(): Promise<void> {
    return this.#end.then(() => {});
  }

  async saying(text: string): Promise<void> {
    while (this.#said !== text) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async asked(): Promise<DoorQuestion> {
    const response = await this.#end;
    if (!isAsking(response)) throw new DoorRefusal("other", "nothing was asked");
    const [id = ""] = JSON.parse(response.metadata?.["questions"] ?? "[]") as string[];
    return { id, prompt: textOf(response) };
  }

  async ended(): Promise<"completed" | "failed" | "cancelled"> {
    const { status } = await this.#end;
    return status as "completed" | "failed" | "cancelled";
  }

  received(): string {
    return this.#received.text;
  }

  async leave(): Promise<void> {
    this.#stream.abort();
    await this.#end.catch(() => {});
  }
}

function textOf({ output }: OpenAI.Responses.Response): string {
  const messages = output.filter((item) => item.type === "message");
  return messages.flatMap(({ content }) => content.map((part) => ("text" in part ? part.text : ""))).join("");
}

function isAsking({ metadata }: OpenAI.Responses.Response): boolean {
  return metadata?.["questions"] !== undefined;
}
