/** The official client of AG-UI, as the common suite needs a client. It refuses what is not balanced by itself. */
import type { HttpAgent } from "@ag-ui/client";
import {
  type Bookmark,
  type DoorClient,
  type DoorPlace,
  type DoorQuestion,
  type DoorReading,
  DoorRefusal,
} from "../door-under-test.ts";
import { ThreadAgent } from "./thread-agent.ts";

type Message = HttpAgent["messages"][number];

interface AgUiBookmark {
  readonly thread: string;
  readonly messages: Message[];
  readonly state: unknown;
}

let threads = 0;

/** Makes the client. */
export function agUiClient({ url, headers }: DoorPlace): DoorClient {
  const agentOf = ({ thread, messages, state }: AgUiBookmark): ThreadAgent =>
    new ThreadAgent({
      ...{ url: `${url}/ag-ui/article`, headers: { ...headers }, threadId: thread },
      ...{ initialMessages: messages, initialState: state },
    });
  return {
    begin: (topic) => {
      threads += 1;
      const thread = `thread-${process.pid}-${threads}`;
      const agent = agentOf({ thread, messages: [{ id: "m1", role: "user", content: topic }], state: {} });
      return AgUiReading.open(agent, (subscriber) => agent.runAgent({}, subscriber));
    },
    attach: (bookmark) => {
      const agent = agentOf(bookmark as AgUiBookmark);
      return AgUiReading.open(agent, (subscriber) => agent.connectAgent({}, subscriber));
    },
    answer: (bookmark, question, payload) => {
      const agent = agentOf(bookmark as AgUiBookmark);
      const resume = [{ interruptId: question.id, status: "resolved", payload } as const];
      return AgUiReading.open(agent, (subscriber) => agent.runAgent({ resume }, subscriber));
    },
    cancel: async (bookmark) => {
      const { thread } = bookmark as AgUiBookmark;
      const response = await fetch(`${url}/ag-ui/article/stop/${thread}`, { method: "POST", headers });
      if (!response.ok) throw refusal(response.status, await response.text());
    },
  };
}

function refusal(status: number | undefined, message: string): DoorRefusal {
  const kinds: { readonly [status: number]: DoorRefusal["kind"] } = {
    400: "malformed",
    401: "token",
    403: "origin",
    404: "unknown",
    413: "body",
    429: "limit",
  };
  return new DoorRefusal(kinds[status ?? 0] ?? "other", message);
}

type Subscriber = NonNullable<Parameters<HttpAgent["runAgent"]>[1]>;

class AgUiReading implements DoorReading {
  readonly #agent: ThreadAgent;
  readonly #waiting: (() => void)[] = [];
  #question: DoorQuestion | undefined;
  #end: "completed" | "failed" | "cancelled" | undefined;
  #failure: (Error & { readonly status?: number }) | undefined;
  #received = "";
  #isOver = false;

  /** Rejects when the server refuses. */
  static async open(
    agent: ThreadAgent,
    ask: (subscriber: Subscriber) => Promise<unknown>,
  ): Promise<AgUiReading> {
    const reading = new AgUiReading(agent);
    void ask(reading.#subscriber())
      .catch(() => {})
      .then(() => {
        reading.#isOver = true;
        reading.#wake();
      });
    await reading.#until(() => (reading.#received === "" ? undefined : true));
    return reading;
  }

  constructor(agent: ThreadAgent) {
    this.#agent = agent;
  }

  #subscriber(): Subscriber {
    return {
      onEvent: ({ event }) => {
        this.#received += `${JSON.stringify(event)}\n`;
        this.#wake();
      },
      onMessagesChanged: () => this.#wake(),
      onRunErrorEvent: ({ event }) => {
        if (event.code !== "abort") this.#end = "failed";
      },
      onRunFinishedEvent: (end) => {
        if (end.outcome === "interrupt") {
          const [asked] = end.interrupts;
          this.#question = { id: asked!.id, prompt: asked!.message ?? "" };
        } else this.#end = end.outcome === "success" ? "completed" : "cancelled";
      },
      onRunFailed: ({ error }) => {
        this.#failure = error;
        // The type leaves out what the client reads.
        return { stopPropagation: true } as object;
      },
    };
  }

  bookmark(): Bookmark {
    const { threadId: thread, messages, state } = this.#agent;
    return structuredClone({ thread, messages, state });
  }

  texts(): readonly string[] {
    return this.#agent.messages.flatMap(({ role, content, metadata }) => {
      const { cut } = (metadata?.["orch"] ?? {}) as { readonly cut?: true };
      return role === "assistant" && content !== undefined && content !== "" && cut !== true ? [content] : [];
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
    return this.#until(() => (this.#isOver ? this.#question : undefined));
  }

  ended(): Promise<"completed" | "failed" | "cancelled"> {
    return this.#until(() => (this.#isOver ? this.#end : undefined));
  }

  async leave(): Promise<void> {
    this.#agent.abortRun();
    await this.#until(() => (this.#isOver ? true : undefined));
  }

  async #until<TValue>(look: () => TValue | undefined): Promise<TValue> {
    for (;;) {
      const value = look();
      if (value !== undefined) return value;
      if (this.#isOver)
        throw refusal(this.#failure?.status, `the run ended before: ${String(this.#failure)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
