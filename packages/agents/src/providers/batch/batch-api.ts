/** What the two kinds of batches have in common. */
import { parseJson } from "@orch/core";

/** A request that waits to be part of a batch. */
export interface BatchRequest {
  /** Unique within the batch. */
  readonly name: string;
  readonly body: { readonly [key: string]: unknown };
}

/** How far a batch is. */
export interface BatchState {
  /** The provider's id. */
  readonly batch: string;
  /** The provider's own word. */
  readonly status: string;
  readonly done: number;
  readonly total: number;
}

/** The answer to one request: the status and the body that the request alone would have had. */
export interface WholeAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The batches of one account at one provider. A failed call rejects with a {@link BatchRefusal}. */
export interface BatchApi {
  /** Gives the id of the new batch. */
  readonly submit: (requests: readonly BatchRequest[]) => Promise<string>;
  readonly look: (batch: string) => Promise<BatchState & { readonly ended: boolean }>;
  /** The answers by the names of their requests, of a batch that ended. */
  readonly answers: (batch: string) => Promise<ReadonlyMap<string, WholeAnswer>>;
}

/** Makes one call of the provider, with the headers of the request that it stands for. */
export type BatchCall = (
  method: "GET" | "POST",
  path: string,
  body?: FormData | { readonly [key: string]: unknown },
) => Promise<Response>;

/** What a provider said that refused a call about a batch. */
export class BatchRefusal extends Error {
  readonly answer: WholeAnswer;

  constructor(answer: WholeAnswer) {
    super(`A batch was refused with ${answer.status}.`);
    this.answer = answer;
  }
}

/** A failure in the form that all adapters read. */
export function refusal(status: number, type: string, message: string): WholeAnswer {
  return { status, body: { type: "error", error: { type, message } } };
}

/** The lines of JSON of a text; a line that is none is left out. */
export function jsonLines(text: string): readonly { readonly [key: string]: unknown }[] {
  return text.split("\n").flatMap((line) => {
    try {
      const value: unknown = parseJson(line);
      return typeof value === "object" && value !== null
        ? [value as { readonly [key: string]: unknown }]
        : [];
    } catch {
      return [];
    }
  });
}
