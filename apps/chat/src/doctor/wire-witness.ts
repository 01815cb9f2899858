/** Sees what a server sends, beside who reads it: some facts of a server do not reach the message. */

/** How much of an answer is looked at, in characters. */
const MOST = 200_000;

/** What was seen of one call. */
export interface SeenCall {
  /** Absent where no answer came. */
  readonly status?: number;
  /** The body of the request, as it was sent. */
  readonly sent: string;
  /** The beginning of the answer, as it came. */
  readonly received: string;
  /** How many pieces it came in. */
  readonly pieces: number;
}

/** A `fetch` that remembers the last call. */
export class WireWitness {
  #seen: SeenCall = { sent: "", received: "", pieces: 0 };
  readonly #fetch: typeof globalThis.fetch;

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  /** What was seen of the last call. */
  get seen(): SeenCall {
    return this.#seen;
  }

  /** Makes the call, and looks at what passes. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    this.#seen = { sent: typeof init?.body === "string" ? init.body : "", received: "", pieces: 0 };
    const response = await this.#fetch(input, init);
    this.#seen = { ...this.#seen, status: response.status };
    if (response.body === null) return response;
    const body = response.body.pipeThrough(this.#looking());
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };

  #looking(): TransformStream<Uint8Array, Uint8Array> {
    const decoder = new TextDecoder();
    return new TransformStream({
      transform: (piece, controller) => {
        const { received, pieces } = this.#seen;
        const text = received.length < MOST ? received + decoder.decode(piece, { stream: true }) : received;
        this.#seen = { ...this.#seen, received: text, pieces: pieces + 1 };
        controller.enqueue(piece);
      },
    });
  }
}
