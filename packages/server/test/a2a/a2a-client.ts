/** The official client of A2A, as the common suite of doors uses it. */
import { randomUUID } from "node:crypto";
import { type Part, Role, type StreamResponse, type Task, TaskState } from "@a2a-js/sdk";
import {
  type Client,
  ClientFactory,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  type RestTransportFactory,
} from "@a2a-js/sdk/client";
import {
  type Bookmark,
  type DoorClient,
  type DoorPlace,
  type DoorQuestion,
  type DoorReading,
  DoorRefusal,
} from "../door-under-test.ts";

/** Makes a client of an agent, from its card, that speaks one binding. What it receives is handed to `keep`. */
export async function agentClient(
  { url, headers }: DoorPlace,
  agent: string,
  keep: (text: string) => void = () => {},
  Transport: typeof JsonRpcTransportFactory | typeof RestTransportFactory = JsonRpcTransportFactory,
): Promise<Client> {
  const fetchImpl: typeof fetch = async (input, init) => {
    const all = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    const response = await fetch(input, { ...init, headers: all });
    const [seen, kept] = response.body?.tee() ?? [];
    void read(kept, keep);
    return new Response(seen ?? null, response);
  };
  const factory = new ClientFactory({
    transports: [new Transport({ fetchImpl })],
    cardResolver: new DefaultAgentCardResolver({ fetchImpl }),
  });
  return factory.createFromUrl(`${url}/a2a/${agent}/`);
}

async function read(
  body: ReadableStream<Uint8Array> | undefined,
  keep: (text: string) => void,
): Promise<void> {
  try {
    const decoder = new TextDecoder();
    for await (const piece of body ?? []) keep(decoder.decode(piece, { stream: true }));
  } catch {
    // The client left, or the server was killed.
  }
}

/** A message of a user, of text or data. */
export function userMessage(
  content: string | object,
  ids: { readonly taskId?: string; readonly contextId?: string; readonly question?: string } = {},
): Parameters<Client["sendMessage"]>[0] {
  const { taskId = "", contextId = "", question } = ids;
  const shown =
    typeof content === "string"
      ? ({ $case: "text", value: content } as const)
      : ({ $case: "data", value: content } as const);
  return {
    tenant: "",
    message: {
      ...{ messageId: randomUUID(), taskId, contextId, role: Role.ROLE_USER },
      parts: [{ content: shown, metadata: undefined, filename: "", mediaType: "" }],
      metadata: question === undefined ? undefined : { question },
      ...{ extensions: [], referenceTaskIds: [] },
    },
    configuration: undefined,
    metadata: undefined,
  };
}

/** The text of parts. */
export function partsText(parts: readonly Part[] = []): string {
  return parts.map(({ content }) => (content?.$case === "text" ? content.value : "")).join("");
}

/** Makes the client of the suite. */
export function a2aClient(place: DoorPlace): DoorClient {
  const received = { text: "" };
  const made = agentClient(place, "article", (text) => {
    received.text += text;
  });
  made.catch(() => {});
  const open = async (start: (client: Client, signal: AbortSignal) => Events): Promise<DoorReading> => {
    const client = await made.catch(refuse);
    const leaving = new AbortController();
    return TaskReading.open(start(client, leaving.signal), leaving, received);
  };
  return {
    begin: (topic) => open((client, signal) => client.sendMessageStream(userMessage(topic), { signal })),
    attach: (bookmark) => open((client, signal) => subscribed(client, bookmark as string, signal)),
    answer: (bookmark: Bookmark, { id }: DoorQuestion, value: boolean) =>
      open((client, signal) =>
        client.sendMessageStream(
          userMessage(value ? "yes" : "no", { taskId: bookmark as string, question: id }),
          { signal },
        ),
      ),
    cancel: async (bookmark) => {
      const client = await made.catch(refuse);
      await client.cancelTask({ tenant: "", id: bookmark as string, metadata: undefined }).catch(refuse);
    },
  };
}

type Events = AsyncGenerator<StreamResponse, void, undefined>;

/** What a client does that comes back: it asks for the task, and subscribes to one that goes on. */
async function* subscribed(client: Client, id: string, signal: AbortSignal): Events {
  const task = await client.getTask({ tenant: "", id });
  if (STATES[task.status?.state ?? 0] !== undefined) yield { payload: { $case: "task", value: task } };
  else yield* client.resubscribeTask({ tenant: "", id }, { signal });
}

const KINDS: { readonly [name: string]: DoorRefusal["kind"] } = {
  TaskNotFoundError: "unknown",
  RequestMalformedError: "malformed",
};

function refuse(error: unknown): never {
  const { name, message } = error as Error;
  throw new DoorRefusal(
    KINDS[name] ?? (/Task not found|There is no run/.test(message) ? "unknown" : "other"),
    message,
  );
}

const STATES: { readonly [state: number]: "completed" | "failed" | "cancelled" } = {
  [TaskState.TASK_STATE_COMPLETED]: "completed",
  [TaskState.TASK_STATE_FAILED]: "failed",
  [TaskState.TASK_STATE_CANCELED]: "cancelled",
};

/** A task that is streamed. */
class TaskReading implements DoorReading {
  readonly #leaving: AbortController;
  readonly #received: { text: string };
  readonly #asked = Promise.withResolvers<DoorQuestion>();
  readonly #ended = Promise.withResolvers<"completed" | "failed" | "cancelled">();
  #id = "";
  #text = "";

  static async open(
    events: Events,
    leaving: AbortController,
    received: { text: string },
  ): Promise<TaskReading> {
    const reading = new TaskReading(leaving, received);
    const first = await events.next().catch(refuse);
    if (first.done !== true) reading.#take(first.value);
    void reading.#read(events);
    return reading;
  }

  constructor(leaving: AbortController, received: { text: string }) {
    this.#leaving = leaving;
    this.#received = received;
    this.#asked.promise.catch(() => {});
    this.#ended.promise.catch(() => {});
  }

  async #read(events: Events): Promise<void> {
    let why: unknown = new DoorRefusal("other", "the stream ended");
    try {
      for await (const event of events) this.#take(event);
    } catch (error) {
      why = error;
    }
    this.#asked.reject(why);
    this.#ended.reject(why);
  }

  #take({ payload }: StreamResponse): void {
    switch (payload?.$case) {
      case "task":
        this.#id = payload.value.id;
        for (const { parts } of payload.value.artifacts) this.#text = partsText(parts);
        this.#status(payload.value.status);
        return;
      case "artifactUpdate": {
        const piece = partsText(payload.value.artifact?.parts);
        this.#text = payload.value.append ? this.#text + piece : piece;
        return;
      }
      case "statusUpdate":
        this.#status(payload.value.status);
        return;
      default:
        return;
    }
  }

  #status(status: Task["status"]): void {
    const ended = STATES[status?.state ?? 0];
    if (ended !== undefined) this.#ended.resolve(ended);
    if (status?.state !== TaskState.TASK_STATE_INPUT_REQUIRED) return;
    const questions = (status.message?.metadata?.["questions"] ?? []) as { question: string }[];
    this.#asked.resolve({ id: questions[0]?.question ?? "", prompt: partsText(status.message?.parts) });
  }

  bookmark(): Bookmark {
    return this.#id;
  }

  texts(): readonly string[] {
    return this.#text === "" ? [] : [this.#text];
  }

  begun(): Promise<void> {
    return this.#ended.promise.then(() => {});
  }

  asked(): Promise<DoorQuestion> {
    return this.#asked.promise;
  }

  ended(): Promise<"completed" | "failed" | "cancelled"> {
    return this.#ended.promise;
  }

  received(): string {
    return this.#received.text;
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#ended.promise.catch(() => {});
  }
}
