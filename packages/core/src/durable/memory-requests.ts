import { type Json, parseJson } from "./json.ts";
import type {
  KeepableRequest,
  RequestState,
  RunRequest,
  StoredRequest,
  UndecidedRequests,
  Verdict,
} from "./stored-request.ts";

/** A request as text, which cannot be changed. */
interface Row {
  readonly text: string;
  state: RequestState;
  detail: string | undefined;
}

/** The requests of one run in memory, numbered from 1. */
export class MemoryRequests {
  readonly #runId: string;
  readonly #rows: Row[] = [];
  /** The numbers of those that are not decided. */
  readonly #undecided = new Set<number>();

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** How many there are. */
  get size(): number {
    return this.#rows.length;
  }

  /** @throws JsonError (`ORCH_JSON`) for JSON that `parseJson` refuses, as a store on a disk must. */
  add(request: RunRequest, state: "open" | "kept"): number {
    const text = JSON.stringify(request);
    if (text.includes('"__proto__"')) parseJson(text, { maxDepth: Infinity, maxLength: Infinity });
    const number = this.#rows.push({ text, state, detail: undefined });
    this.#undecided.add(number);
    return number;
  }

  /** Whether an answer to the same question is kept. */
  isKept(wanted: KeepableRequest): boolean {
    if (wanted.type !== "answer") return false;
    const { question } = wanted;
    return this.undecided().requests.some(
      ({ state, request }) => state === "kept" && request.type === "answer" && request.question === question,
    );
  }

  decide(verdicts: readonly Verdict[]): void {
    for (const { number, state, detail } of verdicts) {
      const row = this.#rows[number - 1];
      if (row === undefined || (row.state !== "open" && row.state !== "kept")) continue;
      row.state = state;
      row.detail = detail === undefined ? undefined : JSON.stringify(detail);
      this.#undecided.delete(number);
    }
  }

  withdraw(number: number): StoredRequest | undefined {
    const row = this.#rows[number - 1];
    if (row?.state === "open") {
      row.state = "refused";
      this.#undecided.delete(number);
    }
    return row && this.#stored(row, number);
  }

  list(): StoredRequest[] {
    return this.#rows.map((row, index) => this.#stored(row, index + 1));
  }

  undecided(): UndecidedRequests {
    const requests = [...this.#undecided].map((number) => this.#stored(this.#rows[number - 1]!, number));
    return { requests, made: this.#rows.length };
  }

  #stored({ text, state, detail }: Row, number: number): StoredRequest {
    const request = readOwn(text) as unknown as RunRequest;
    const stored = { runId: this.#runId, number, request, state };
    return detail === undefined ? stored : { ...stored, detail: readOwn(detail) };
  }
}

function readOwn(text: string): Json {
  // biome-ignore lint/plugin: the text was made here, and was looked at when it was made
  return JSON.parse(text) as Json;
}
