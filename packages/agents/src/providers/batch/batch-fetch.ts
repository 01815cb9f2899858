/** Takes the requests of adapters, hands them to batches, and answers each when its batch has ended. */
import { type Clock, parseJson } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { systemFetch } from "../../platform/proxy/proxied-fetch.ts";
import { sha256 } from "../../platform/sha256.ts";
import { anthropicBatches } from "./anthropic-batches.ts";
import { asStream, type BatchFormat } from "./as-stream.ts";
import { type BatchApi, type BatchCall, BatchRefusal, type BatchState } from "./batch-api.ts";
import { type BatchTicket, type TicketStore, ticketMemory } from "./batch-ticket.ts";
import { BatchWatch } from "./batch-watch.ts";
import { openaiBatches } from "./openai-batches.ts";

/** How requests become batches. */
export interface BatchOptions {
  /** Default: in memory. With {@link ticketFolder} a process that was killed finds its batches again. */
  readonly tickets?: TicketStore;
  /** Between two looks at a batch, in milliseconds. Default 60,000. */
  readonly every?: number;
  /** How long the first request of a batch waits for others, in milliseconds. Default 1,000. */
  readonly gather?: number;
  /** Told when a batch got further. */
  readonly onState?: (state: BatchState) => void;
  readonly clock?: Clock;
  /** The network. Default: the platform's `fetch`, by way of the proxy that the environment names. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Requests of one account that go into the same batch. */
interface Gathering {
  readonly bodies: { readonly [key: string]: unknown }[];
  readonly batch: Promise<string>;
}

const FORMATS = ["responses", "chat/completions", "messages"] as const;
/** Belong to the body of one request, and not to others. */
const OWN_HEADERS = new Set(["content-length", "content-type", "accept", "accept-encoding", "connection"]);

/** The network of a model whose requests go into batches. */
export class BatchFetch {
  readonly #options: BatchOptions;
  readonly #clock: Clock;
  readonly #tickets: TicketStore;
  readonly #gatherings = new Map<string, Gathering>();
  readonly #watches = new Map<string, BatchWatch>();
  /** How many requests of the same words are under way: each has an answer of its own. */
  readonly #alike = new Map<string, number>();

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#tickets = options.tickets ?? ticketMemory();
  }

  /** Answers as the provider would, hours later. What is no request for an answer goes out as it is. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    const format = FORMATS.find((one) => pathname.endsWith(`/${one}`));
    if (format === undefined || request.method !== "POST") return this.#out(request);
    const text = await request.text();
    const same = `${request.url}\n${text}`;
    const turn = this.#alike.get(same) ?? 0;
    this.#alike.set(same, turn + 1);
    try {
      return await this.#answer(request, format, text, sha256(`${turn}\n${same}`));
    } finally {
      const left = this.#alike.get(same)! - 1;
      if (left === 0) this.#alike.delete(same);
      else this.#alike.set(same, left);
    }
  };

  async #answer(request: Request, format: BatchFormat, text: string, key: string): Promise<Response> {
    const api = this.#apiOf(request, format);
    const {
      stream: _stream,
      stream_options: _options,
      ...body
    } = parseJson(text) as {
      readonly [key: string]: unknown;
    };
    try {
      const ticket = (await this.#tickets.get(key)) ?? (await this.#submit(request, api, body, key));
      const answer = await this.#watchOf(ticket.batch, api).answer(ticket.request, request.signal);
      await this.#tickets.delete(key);
      return asStream(format, answer);
    } catch (error) {
      if (error instanceof BatchRefusal) return asStream(format, error.answer);
      throw error;
    }
  }

  /** Puts a request beside others of the same account and address, and keeps where its answer will be. */
  async #submit(
    request: Request,
    api: BatchApi,
    body: { readonly [key: string]: unknown },
    key: string,
  ): Promise<BatchTicket> {
    const account = JSON.stringify([request.url, ...ownHeaders(request)]);
    const gathering = this.#gatherings.get(account) ?? this.#gather(account, api);
    const name = `request-${gathering.bodies.push(body)}`;
    const ticket = { batch: await gathering.batch, request: name };
    await this.#tickets.set(key, ticket);
    return ticket;
  }

  #gather(account: string, api: BatchApi): Gathering {
    const bodies: { readonly [key: string]: unknown }[] = [];
    const batch = new Promise<void>((resolve) => {
      this.#clock.after(this.#options.gather ?? 1_000, () => resolve());
    }).then(() => {
      this.#gatherings.delete(account);
      return api.submit(bodies.map((body, at) => ({ name: `request-${at + 1}`, body })));
    });
    const gathering = { bodies, batch };
    this.#gatherings.set(account, gathering);
    return gathering;
  }

  #watchOf(batch: string, api: BatchApi): BatchWatch {
    const known = this.#watches.get(batch);
    if (known !== undefined) return known;
    const { every = 60_000, onState = () => undefined } = this.#options;
    const watch = new BatchWatch(batch, { api, clock: this.#clock, every, onState });
    this.#watches.set(batch, watch);
    return watch;
  }

  #apiOf(request: Request, format: BatchFormat): BatchApi {
    const url = new URL(request.url);
    const base = url.href.slice(0, url.href.indexOf(`/${format}`));
    const headers = Object.fromEntries(ownHeaders(request));
    const call: BatchCall = async (method, path, body) => {
      const answer = await this.#out(`${base}${path}`, {
        method,
        redirect: "manual",
        ...(await written(headers, body)),
      });
      if (answer.ok) return answer;
      throw new BatchRefusal({ status: answer.status, body: await answer.json().catch(() => null) });
    };
    return format === "messages" ? anthropicBatches(call) : openaiBatches(call, `/v1/${format}`);
  }

  #out(...args: Parameters<typeof globalThis.fetch>): Promise<Response> {
    return (this.#options.fetch ?? systemFetch)(...args);
  }
}

function ownHeaders(request: Request): readonly (readonly [string, string])[] {
  // The SDKs' own headers (`x-stainless-...`) count attempts and differ from call to call.
  return [...request.headers].filter(([name]) => !OWN_HEADERS.has(name) && !name.startsWith("x-stainless"));
}

/** Undici reads a form as a stream, and throws past its caller when the connection breaks meanwhile: it gets the bytes. */
async function written(
  headers: { readonly [name: string]: string },
  body: Parameters<BatchCall>[2],
): Promise<Pick<RequestInit, "headers" | "body">> {
  if (body === undefined) return { headers };
  if (!(body instanceof FormData))
    return { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
  const form = new Response(body);
  const type = form.headers.get("content-type") ?? "";
  return { headers: { ...headers, "content-type": type }, body: await form.arrayBuffer() };
}
