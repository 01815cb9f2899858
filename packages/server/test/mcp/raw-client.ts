/** MCP by hand: requests as they stand on the wire. */

/** A message of the server. */
export interface RawMessage {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: { readonly [name: string]: unknown };
  readonly result?: { readonly [name: string]: unknown };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: object };
}

/** An event of a stream. */
export interface RawEvent {
  readonly id?: string;
  readonly message?: RawMessage;
}

const BOTH = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A request in the words of 2026. `capabilities` are those of the client. */
export function stateless(
  url: string,
  method: string,
  params: { readonly [name: string]: unknown } = {},
  capabilities: object = {},
): Request {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": capabilities,
    ...(params["_meta"] as object | undefined),
  };
  const name = params["name"] ?? params["uri"] ?? params["taskId"];
  const headers = {
    ...BOTH,
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof name === "string" && { "mcp-name": name }),
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } });
  return new Request(url, { method: "POST", headers, body });
}

/** A message in a session. */
export function inSession(url: string, session: string, message: object): Request {
  const headers = { ...BOTH, "mcp-protocol-version": "2025-11-25", "mcp-session-id": session };
  return new Request(url, { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", ...message }) });
}

/** Greets a server, and gives the session. */
export async function greet(url: string, capabilities: object = { elicitation: {} }): Promise<string> {
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "raw", version: "1" } };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
  const response = await fetch(url, { method: "POST", headers: BOTH, body });
  await response.text();
  return response.headers.get("mcp-session-id") ?? "";
}

/** The reply to a request that gives no stream. */
export async function replyTo(request: Request): Promise<RawMessage> {
  const response = await fetch(request);
  return (await response.json()) as RawMessage;
}

/** The events of a stream, as they come. */
export async function* eventsOf(response: Response): AsyncGenerator<RawEvent, void, undefined> {
  let text = "";
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const id = /^id: (.+)$/m.exec(block)?.[1];
      const data = /^data: (.+)$/m.exec(block)?.[1];
      yield { ...(id && { id }), ...(data && { message: JSON.parse(data) as RawMessage }) };
    }
  }
}
