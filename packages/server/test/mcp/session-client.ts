/** A client of MCP with a session and tasks, written by hand so that the common suite sees every byte. */
import {
  type Bookmark,
  type DoorClient,
  type DoorPlace,
  type DoorQuestion,
  type DoorReading,
  DoorRefusal,
} from "../door-under-test.ts";

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly message?: string };
  readonly result?: Result;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Result {
  readonly isError?: boolean;
  readonly content?: readonly { readonly text: string }[];
  readonly task?: { readonly taskId: string };
}

/** Makes the client. It greets the server before its first call. */
export function sessionClient(place: DoorPlace): DoorClient {
  const connection = new Connection(place);
  const readings = new Map<string, TaskReading>();
  const attach = async (bookmark: Bookmark): Promise<TaskReading> => {
    const task = bookmark as string;
    const reading = await TaskReading.open(connection, task);
    readings.set(task, reading);
    return reading;
  };
  return {
    begin: async (topic) => {
      const params = { name: "article", arguments: { topic }, task: {} };
      const { task } = await connection.call("tools/call", params);
      return attach(task!.taskId);
    },
    attach,
    answer: async (bookmark, _question, value) => {
      const known = readings.get(bookmark as string);
      const reading = known?.isOver === false ? known : await attach(bookmark);
      await reading.answer(value);
      return reading;
    },
    cancel: async (bookmark) => {
      await connection.call("tasks/cancel", { taskId: bookmark });
    },
  };
}

class Connection {
  readonly #place: DoorPlace;
  #session: Promise<string> | undefined;
  #count = 0;

  constructor(place: DoorPlace) {
    this.#place = place;
  }

  async call(method: string, params: object): Promise<Result> {
    const response = await this.stream(method, params);
    const { result, error } = (await response.json()) as Message;
    if (error !== undefined) throw refusalOf(error);
    return result ?? {};
  }

  async stream(method: string, params: object, signal?: AbortSignal): Promise<Response> {
    this.#session ??= this.#greet();
    return this.post({ id: ++this.#count, method, params }, await this.#session, signal);
  }

  /** Answers a request of the server. */
  async reply(id: string | number, result: object): Promise<void> {
    await this.post({ id, result }, (await this.#session) ?? "");
  }

  async #greet(): Promise<string> {
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: { elicitation: {} },
      clientInfo: { name: "suite", version: "1" },
    };
    const response = await this.post({ id: 0, method: "initialize", params });
    await response.text();
    return response.headers.get("mcp-session-id") ?? "";
  }

  async post(message: object, session?: string, signal?: AbortSignal): Promise<Response> {
    const { url, headers } = this.#place;
    const response = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-11-25",
        ...(session !== undefined && { "mcp-session-id": session }),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      ...(signal && { signal }),
    });
    if (response.status === 401 || response.status === 403)
      throw new DoorRefusal(response.status === 401 ? "token" : "origin", await response.text());
    return response;
  }
}

function refusalOf({ code, message }: NonNullable<Message["error"]>): DoorRefusal {
  return new DoorRefusal(
    message.includes("no such task") ? "unknown" : code === -32602 ? "malformed" : "other",
    message,
  );
}

/** A task, read by `tasks/result`. */
class TaskReading implements DoorReading {
  readonly #task: string;
  readonly #connection: Connection;
  readonly #leave = new AbortController();
  readonly #asked = Promise.withResolvers<{ readonly rpc: string | number; readonly prompt: string }>();
  readonly #ended = Promise.withResolvers<Result>();
  isOver = false;
  #received = "";
  #result: Result | undefined;

  static async open(connection: Connection, task: string): Promise<TaskReading> {
    const reading = new TaskReading(connection, task);
    const response = await connection.stream("tasks/result", { taskId: task }, reading.#leave.signal);
    if (response.headers.get("content-type")?.includes("json") === true) {
      const { error } = (await response.json()) as Message;
      throw refusalOf(error!);
    }
    void reading.#read(response);
    return reading;
  }

  constructor(connection: Connection, task: string) {
    this.#connection = connection;
    this.#task = task;
    this.#asked.promise.catch(() => {});
    this.#ended.promise.catch(() => {});
  }

  async #read(response: Response): Promise<void> {
    let text = "";
    try {
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
        this.#received += piece;
        text += piece;
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) this.#take(/^data: (.+)$/m.exec(block)?.[1]);
      }
    } catch {
      // The client left, or the server was killed.
    }
    this.isOver = true;
    const over = new DoorRefusal("other", `the stream of ${this.#task} ended before`);
    this.#asked.reject(over);
    this.#ended.reject(over);
  }

  #take(data: string | undefined): void {
    if (data === undefined) return;
    const { id, method, params, result } = JSON.parse(data) as Message;
    if (method === "elicitation/create") this.#asked.resolve({ rpc: id!, prompt: params?.message ?? "" });
    if (result === undefined) return;
    this.#result = result;
    this.#ended.resolve(result);
  }

  async answer(value: boolean): Promise<void> {
    const { rpc } = await this.#asked.promise;
    await this.#connection.reply(rpc, { action: "accept", content: { answer: value } });
  }

  bookmark(): Bookmark {
    return this.#task;
  }

  texts(): readonly string[] {
    const { content = [], isError } = this.#result ?? {};
    return isError === true ? [] : content.map(({ text }) => text);
  }

  async begun(): Promise<void> {
    await this.#ended.promise;
  }

  async asked(): Promise<DoorQuestion> {
    const { prompt } = await this.#asked.promise;
    return { id: this.#task, prompt };
  }

  async ended(): Promise<"completed" | "failed" | "cancelled"> {
    const { isError, content = [] } = await this.#ended.promise;
    if (isError !== true) return "completed";
    return content[0]?.text.startsWith("The run was stopped") === true ? "cancelled" : "failed";
  }

  received(): string {
    return this.#received;
  }

  async leave(): Promise<void> {
    this.#leave.abort();
    await this.#ended.promise.catch(() => {});
  }
}
