/** A server that says one word. */

const ITEM = {
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: "hello", annotations: [] }],
};
const RESPONSE = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "m",
  output: [],
  status: "in_progress",
};
const RESPONSES = [
  { type: "response.created", response: RESPONSE },
  { type: "response.output_item.added", output_index: 0, item: { ...ITEM, content: [] } },
  { type: "response.output_text.delta", item_id: "msg_1", output_index: 0, content_index: 0, delta: "hello" },
  { type: "response.output_item.done", output_index: 0, item: ITEM },
  {
    type: "response.completed",
    response: {
      ...RESPONSE,
      status: "completed",
      output: [ITEM],
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
    },
  },
];
const MESSAGES = [
  {
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "hello" } },
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 1 },
  },
  { type: "message_stop" },
];

/** Answers a request with "hello", in the words of the provider that is asked. */
export function answerHello(request, response) {
  request.resume();
  response.writeHead(200, { "content-type": "text/event-stream" });
  const events = request.url.endsWith("/messages") ? MESSAGES : RESPONSES;
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}
