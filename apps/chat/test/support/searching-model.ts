/** A model on this machine that searches the web and runs code by itself, in the words of OpenAI or of Anthropic. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server and how the program reaches it. */
export interface SearchingModel extends AsyncDisposable {
  readonly args: readonly string[];
  /** The project's configuration and its orchestration, by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Lets the first search come back, and all after it. */
  readonly release: () => void;
}

type Item = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What is searched for: it would clear the screen. */
const QUERY = "tea\u001b[2J";

/**
 * Serves each message with a search, a piece of code, a search that fails, and an answer; OpenAI's code makes a picture, and its answer
 * cites what it found. The first search comes back when it is released.
 */
export async function searchingModel(kind: "openai" | "anthropic"): Promise<SearchingModel> {
  const released = Promise.withResolvers<void>();
  const events = kind === "openai" ? itemEvents(ITEMS) : blockEvents(BLOCKS);
  // The call of the search has begun after two events, or with its input after four.
  const begun = kind === "openai" ? 2 : 4;
  const server = createServer(async (request, response) => {
    request.resume();
    if (request.url?.includes("/files/") === true) {
      const isContent = request.url.endsWith("/content");
      response.end(isContent ? "1,2" : JSON.stringify({ filename: "../.plot.csv", mime_type: "text/csv" }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const [at, event] of events.entries()) {
      if (at === begun) await released.promise;
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseURL = kind === "openai" ? `${base}/v1` : base;
  return {
    args: ["--trust"],
    files: {
      "orch.config.json": JSON.stringify({
        model: "lab/gpt-5",
        orchestration: "scout",
        orchestrations: { scout: { file: "./scout.mjs" } },
        providers: { lab: { kind, baseURL, apiKey: "k" } },
      }),
      "scout.mjs": SCOUT,
    },
    release: () => released.resolve(),
    [Symbol.asyncDispose]: async () => {
      released.resolve();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const SCOUT = `import { agent } from "@orch/agents";
import { codeExecution, webSearch } from "@orch/agents/provider-tools";
import { agentRuntime } from "@orch/chat-runtime";
export default ({ model }) => agentRuntime(agent({ name: "scout", model, tools: [webSearch(), codeExecution()] }));
`;

const PNG = "iVBORw0KGgo=";

const ITEMS: readonly Item[] = [
  {
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: { type: "search", query: QUERY, sources: [{ type: "url", url: "https://a.example" }] },
  },
  {
    type: "code_interpreter_call",
    id: "ci_1",
    status: "completed",
    code: "print(6*7)",
    container_id: "cntr_1",
    outputs: [
      { type: "logs", logs: "42" },
      { type: "image", url: `data:image/png;base64,${PNG}` },
    ],
  },
  { type: "web_search_call", id: "ws_2", status: "failed", action: { type: "search", query: "more" } },
  {
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    content: [
      {
        type: "output_text",
        text: "Tea grows.",
        annotations: [
          { type: "url_citation", url: "https://a.example", title: "A page", start_index: 0, end_index: 10 },
        ],
      },
    ],
  },
];

function itemEvents(items: readonly Item[]): readonly Item[] {
  const response = { id: "r", object: "response", created_at: 1, model: "gpt-5", output: [] };
  const usage = { input_tokens: 5, output_tokens: 5, total_tokens: 10 };
  return [
    { type: "response.created", response: { ...response, status: "in_progress" } },
    ...items.flatMap((item, output_index): readonly Item[] => [
      { type: "response.output_item.added", output_index, item },
      { type: "response.output_item.done", output_index, item },
    ]),
    { type: "response.completed", response: { ...response, status: "completed", output: items, usage } },
  ];
}

const BLOCKS: readonly Item[] = [
  { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: QUERY } },
  {
    type: "web_search_tool_result",
    tool_use_id: "srv_1",
    content: [{ type: "web_search_result", url: "https://a.example", title: "A", encrypted_content: "x" }],
  },
  { type: "server_tool_use", id: "srv_2", name: "bash_code_execution", input: { command: "echo 42" } },
  {
    type: "bash_code_execution_tool_result",
    tool_use_id: "srv_2",
    content: {
      type: "bash_code_execution_result",
      stdout: "42",
      stderr: "",
      return_code: 0,
      content: [{ type: "bash_code_execution_output", file_id: "file_made" }],
    },
  },
  { type: "server_tool_use", id: "srv_3", name: "web_search", input: { query: "more" } },
  {
    type: "web_search_tool_result",
    tool_use_id: "srv_3",
    content: { type: "web_search_tool_result_error", error_code: "max_uses_exceeded" },
  },
  { type: "text", text: "Tea grows." },
];

function blockEvents(blocks: readonly Item[]): readonly Item[] {
  const message = { id: "m", type: "message", role: "assistant", model: "gpt-5", content: [] };
  return [
    { type: "message_start", message: { ...message, usage: { input_tokens: 10, output_tokens: 1 } } },
    ...blocks.flatMap((block, index): readonly Item[] => [
      {
        type: "content_block_start",
        index,
        content_block: { ...block, ...("input" in block && { input: {} }) },
      },
      ...("input" in block
        ? [
            {
              type: "content_block_delta",
              index,
              delta: { type: "input_json_delta", partial_json: JSON.stringify(block["input"]) },
            },
          ]
        : []),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } },
    { type: "message_stop" },
  ];
}
