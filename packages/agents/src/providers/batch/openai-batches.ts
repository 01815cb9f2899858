/** Batches of OpenAI: a file of requests goes in, a file of answers and one of failures come out. */
import {
  type BatchApi,
  type BatchCall,
  BatchRefusal,
  jsonLines,
  refusal,
  type WholeAnswer,
} from "./batch-api.ts";

interface WireBatch {
  readonly id: string;
  readonly status: string;
  readonly output_file_id?: string | null;
  readonly error_file_id?: string | null;
  readonly request_counts?: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly errors?: { readonly data?: readonly { readonly message?: string }[] } | null;
}

const ENDED = new Set(["completed", "failed", "expired", "cancelled"]);

/** `endpoint` is the path of the requests, like `/v1/responses`. */
export function openaiBatches(call: BatchCall, endpoint: string): BatchApi {
  const read = async (batch: string): Promise<WireBatch> =>
    (await (await call("GET", `/batches/${batch}`)).json()) as WireBatch;
  return {
    submit: async (requests) => {
      const lines = requests.map(({ name, body }) =>
        JSON.stringify({ custom_id: name, method: "POST", url: endpoint, body }),
      );
      const form = new FormData();
      form.set("purpose", "batch");
      form.set("file", new Blob([lines.join("\n")], { type: "application/jsonl" }), "requests.jsonl");
      const { id } = (await (await call("POST", "/files", form)).json()) as { readonly id: string };
      const job = { input_file_id: id, endpoint, completion_window: "24h" };
      return ((await (await call("POST", "/batches", job)).json()) as WireBatch).id;
    },
    look: async (batch) => {
      const { status, request_counts: counts } = await read(batch);
      const done = (counts?.completed ?? 0) + (counts?.failed ?? 0);
      return { batch, status, done, total: counts?.total ?? 0, ended: ENDED.has(status) };
    },
    answers: async (batch) => {
      const wire = await read(batch);
      if (wire.status === "failed") {
        const why = wire.errors?.data?.flatMap(({ message }) => message ?? []).join(" ");
        throw new BatchRefusal(refusal(400, "invalid_request_error", why || "The batch failed."));
      }
      const answers = new Map<string, WholeAnswer>();
      for (const file of [wire.output_file_id, wire.error_file_id]) {
        if (!file) continue;
        const text = await (await call("GET", `/files/${file}/content`)).text();
        for (const line of jsonLines(text)) readLine(line, answers);
      }
      return answers;
    },
  };
}

function readLine(line: { readonly [key: string]: unknown }, answers: Map<string, WholeAnswer>): void {
  const {
    custom_id: name,
    response,
    error,
  } = line as {
    readonly custom_id?: unknown;
    readonly response?: { readonly status_code?: number; readonly body?: unknown } | null;
    readonly error?: { readonly code?: string; readonly message?: string } | null;
  };
  if (typeof name !== "string") return;
  if (response?.body !== undefined)
    answers.set(name, { status: response.status_code ?? 200, body: response.body });
  else if (error?.code === "batch_expired") answers.set(name, expired());
  else
    answers.set(
      name,
      refusal(400, error?.code ?? "invalid_request_error", error?.message ?? "It was not run."),
    );
}

/** The provider did not come to a request in its time; it was not paid. */
export function expired(): WholeAnswer {
  return refusal(408, "timeout_error", "The batch ended before this request was run.");
}
