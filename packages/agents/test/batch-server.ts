/** A provider that has batches, of both kinds: it answers each request by `answer`, when it is told that time has passed. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A body as it came. */
export type Body = { readonly [key: string]: unknown };

/** A batch as the server keeps it. */
export interface KeptBatch {
  readonly id: string;
  readonly requests: readonly { readonly name: string; readonly body: Body }[];
  status: string;
}

export interface BatchServer {
  readonly url: string;
  readonly batches: KeptBatch[];
  readonly keys: (string | undefined)[];
  /** Calls of each path, to be counted and failed. */
  readonly calls: string[];
  readonly close: () => Promise<void>;
}

/** How one request of a batch ended: a whole answer, or an entry of the provider's own form. */
export type Answered = { readonly body: unknown; readonly status?: number } | { readonly line: Body };

export async function batchServer(
  answer: (body: Body) => Answered,
  before: (path: string, response: ServerResponse) => boolean = () => false,
): Promise<BatchServer> {
  const batches: KeptBatch[] = [];
  const files = new Map<string, string>();
  const [keys, calls]: [(string | undefined)[], string[]] = [[], []];
  const json = (response: ServerResponse, body: unknown): void => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const shown = ({ id, status, requests }: KeptBatch): Body => ({
    id,
    status,
    processing_status: status === "completed" ? "ended" : "in_progress",
    request_counts: { total: requests.length, completed: 0, failed: 0 },
    output_file_id: status === "completed" ? `out-${id}` : null,
    errors: status === "failed" ? { data: [{ message: "Line 1 is too long." }] } : null,
  });
  const results = (batch: KeptBatch, anthropic: boolean): string =>
    batch.requests
      .map(({ name, body }) => {
        const found = answer(body);
        if ("line" in found) return JSON.stringify({ custom_id: name, ...found.line });
        const openai = { response: { status_code: found.status ?? 200, body: found.body } };
        return JSON.stringify({
          custom_id: name,
          ...(anthropic ? { result: { type: "succeeded", message: found.body } } : openai),
        });
      })
      .reverse()
      .join("\n");
  const begin = (requests: KeptBatch["requests"]): Body => {
    const made = { id: `batch-${batches.length + 1}`, requests, status: "in_progress" };
    batches.push(made);
    return shown(made);
  };
  const ofLines = (text: string): KeptBatch["requests"] =>
    (files.get(JSON.parse(text).input_file_id) ?? "")
      .split("\n")
      .map((line) => JSON.parse(line))
      .map(({ custom_id: name, body }) => ({ name, body }));
  const ofList = (text: string): KeptBatch["requests"] =>
    (JSON.parse(text).requests as { custom_id: string; params: Body }[]).map(
      ({ custom_id: name, params: body }) => ({ name, body }),
    );
  const keep = (text: string): Body => {
    const id = `file-${files.size + 1}`;
    files.set(id, text.slice(text.indexOf('{"custom_id"'), text.lastIndexOf("}") + 1));
    return { id };
  };
  const take = (path: string, text: string, response: ServerResponse): void => {
    const batch = batches.find(({ id }) => path.split("/").includes(id) || path.includes(`out-${id}/`));
    if (path === "/v1/files") json(response, keep(text));
    else if (path === "/v1/batches") json(response, begin(ofLines(text)));
    else if (path === "/v1/messages/batches") json(response, begin(ofList(text)));
    else if (batch === undefined) response.writeHead(404).end("{}");
    else if (path.endsWith("/results")) response.writeHead(200).end(results(batch, true));
    else if (path.endsWith("/content")) response.writeHead(200).end(results(batch, false));
    else json(response, shown(batch));
  };
  const server = createServer(async (request: IncomingMessage, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const path = request.url ?? "";
    calls.push(path);
    keys.push((request.headers["x-api-key"] as string | undefined) ?? request.headers.authorization);
    if (!before(path, response)) take(path, Buffer.concat(pieces).toString(), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    batches,
    keys,
    calls,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
