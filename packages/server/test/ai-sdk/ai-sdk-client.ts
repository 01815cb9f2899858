/** The AI SDK's own transport and reader, as the common suite needs a client. */
import {
  APICallError,
  DefaultChatTransport,
  readUIMessageStream,
  type UIMessage,
  type UIMessageChunk,
} from "ai";
import {
  type Bookmark,
  type DoorClient,
  type DoorPlace,
  type DoorQuestion,
  type DoorReading,
  DoorRefusal,
} from "../door-under-test.ts";

interface AiSdkBookmark {
  readonly id: string;
  readonly message?: UIMessage;
}

interface CallPart {
  readonly type: string;
  readonly state: string;
  readonly title?: string;
  readonly approval?: { readonly id: string };
}

interface Metadata {
  readonly status?: string;
}

type Stream = ReadableStream<UIMessageChunk>;

let chats = 0;

/** Makes the client. */
export function aiSdkClient({ url, headers }: DoorPlace): DoorClient {
  const api = `${url}/ai-sdk/article`;
  const transport = new DefaultChatTransport<UIMessage>({ api, headers: { ...headers } });
  const send = (id: string, message: UIMessage, signal: AbortSignal): Promise<Stream> =>
    granted(
      transport.sendMessages({
        ...{ chatId: id, messages: [message], trigger: "submit-message", messageId: undefined },
        abortSignal: signal,
      }),
    );
  return {
    begin: async (topic) => {
      chats += 1;
      const id = `chat-${process.pid}-${chats}`;
      const message: UIMessage = { id: "m1", role: "user", parts: [{ type: "text", text: topic }] };
      return AiSdkReading.open({ id }, (signal) => send(id, message, signal));
    },
    attach: async (bookmark) => {
      const { id } = bookmark as AiSdkBookmark;
      let ended: UIMessage | undefined;
      const reading = await AiSdkReading.open({ id }, async (abortSignal) => {
        const stream = await granted(transport.reconnectToStream({ chatId: id, abortSignal }));
        if (stream !== null) return stream;
        // The message is over: a page that begins gets it with the conversation.
        ended = await lastMessage(`${api}/${id}`, headers);
        return new ReadableStream<UIMessageChunk>({ start: (controller) => controller.close() });
      });
      if (ended !== undefined) reading.has(ended);
      return reading;
    },
    answer: (bookmark, question, approved) => {
      const { id, message } = bookmark as AiSdkBookmark;
      const parts = (message!.parts as CallPart[]).map((part) =>
        part.approval?.id === question.id
          ? { ...part, state: "approval-responded", approval: { ...part.approval, approved } }
          : part,
      );
      const answered = { ...message!, parts } as UIMessage;
      return AiSdkReading.open({ id, message: answered }, (signal) => send(id, answered, signal));
    },
    cancel: async (bookmark) => {
      const { id } = bookmark as AiSdkBookmark;
      const response = await fetch(`${api}/${id}/stop`, { method: "POST", headers });
      if (!response.ok) throw refusal(response.status, await response.text());
    },
  };
}

async function lastMessage(address: string, headers: DoorPlace["headers"]): Promise<UIMessage> {
  const response = await fetch(address, { headers });
  if (!response.ok) throw refusal(response.status, await response.text());
  const { messages } = (await response.json()) as { readonly messages: readonly UIMessage[] };
  const last = messages.at(-1);
  if (last?.role !== "assistant") throw new DoorRefusal("unknown", "nothing to resume");
  return last;
}

async function granted<TValue>(asked: Promise<TValue>): Promise<TValue> {
  try {
    return await asked;
  } catch (error) {
    if (!APICallError.isInstance(error)) throw error;
    throw refusal(error.statusCode ?? 0, error.message);
  }
}

function refusal(status: number, message: string): DoorRefusal {
  const kinds: { readonly [status: number]: DoorRefusal["kind"] } = {
    400: "malformed",
    401: "token",
    403: "origin",
    404: "unknown",
    413: "body",
    429: "limit",
  };
  return new DoorRefusal(kinds[status] ?? "other", message);
}

class AiSdkReading implements DoorReading {
  readonly #id: string;
  readonly #leave = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #message: UIMessage | undefined;
  #failure: unknown;
  #received = "";
  #isOver = false;

  static async open(
    { id, message }: AiSdkBookmark,
    ask: (signal: AbortSignal) => Promise<Stream>,
  ): Promise<AiSdkReading> {
    const reading = new AiSdkReading(id, message);
    const stream = await ask(reading.#leave.signal);
    void reading.#read(stream);
    return reading;
  }

  constructor(id: string, message: UIMessage | undefined) {
    this.#id = id;
    this.#message = message;
  }

  /** Takes a message as it was kept. */
  has(message: UIMessage): void {
    this.#message = message;
    this.#wake();
  }

  async #read(stream: Stream): Promise<void> {
    const heard = stream.pipeThrough(
      new TransformStream<UIMessageChunk, UIMessageChunk>({
        transform: (chunk, controller) => {
          this.#received += `${JSON.stringify(chunk)}\n`;
          controller.enqueue(chunk);
        },
      }),
    );
    const known = this.#message;
    try {
      const options = { stream: heard, terminateOnError: true, ...(known && { message: known }) };
      for await (const message of readUIMessageStream(options)) {
        this.#message = message;
        this.#wake();
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#isOver = true;
    this.#wake();
  }

  bookmark(): Bookmark {
    return { id: this.#id, ...(this.#message && { message: structuredClone(this.#message) }) };
  }

  texts(): readonly string[] {
    const parts = this.#message?.parts ?? [];
    return parts.flatMap((part) => {
      if (part.type !== "text" || part.text === "") return [];
      const { orch } = (part.providerMetadata ?? {}) as { readonly orch?: { readonly cut?: true } };
      return orch?.cut === true ? [] : [part.text];
    });
  }

  received(): string {
    return this.#received;
  }

  async begun(): Promise<void> {
    await this.#until(() => (this.texts().length > 0 ? true : undefined));
  }

  async saying(text: string): Promise<void> {
    await this.#until(() => (this.texts().includes(text) ? true : undefined));
  }

  asked(): Promise<DoorQuestion> {
    return this.#until(() => {
      const calls = (this.#message?.parts ?? []) as CallPart[];
      const open = this.#isOver ? calls.find(({ state }) => state === "approval-requested") : undefined;
      return open && { id: open.approval!.id, prompt: open.title ?? "" };
    });
  }

  ended(): Promise<"completed" | "failed" | "cancelled"> {
    return this.#until(() => {
      const { status } = (this.#message?.metadata ?? {}) as Metadata;
      return status === "completed" || status === "failed" || status === "cancelled" ? status : undefined;
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
      if (this.#isOver) throw new DoorRefusal("other", `the stream ended before: ${String(this.#failure)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
