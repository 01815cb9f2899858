/**
 * The body of `POST /v1/responses`.
 *
 * Source: https://platform.openai.com/docs/api-reference/responses/create, and the guides of function calling, reasoning, images and files.
 */
import { checkResponses } from "../wire-check.ts";
import {
  address,
  all,
  anyText,
  anything,
  flag,
  IMAGES,
  isPlain,
  kinds,
  type Law,
  like,
  list,
  number,
  object,
  oneOf,
  rule,
  strictSchema,
  text,
  textOr,
  wellFormed,
} from "./law.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const input = {
  input_text: object({ type: anything, text: anyText }),
  input_image: object({
    type: anything,
    "detail?": oneOf("auto", "low", "high"),
    image_url: address(IMAGES, true),
  }),
  input_file: all(
    object({
      type: anything,
      "filename?": text(),
      "file_data?": address(/^[\w.+-]+\/[\w.+-]+$/, false),
      "file_url?": like(/^https?:/),
      "file_id?": text(),
    }),
    rule((part, tell) => {
      const given = ["file_data", "file_url", "file_id"].filter((key) => part[key] !== undefined);
      if (given.length !== 1) tell(`a file is given by ${given.join(" and ") || "nothing"}`);
    }),
  ),
};
const content = textOr(text(), list(kinds("type", input)));
const output = textOr(
  text(),
  list(
    kinds("type", {
      output_text: object({ type: anything, text: anyText, "annotations?": anything, "logprobs?": anything }),
      refusal: object({ type: anything, refusal: anyText }),
    }),
  ),
);
const spoken = kinds("role", {
  user: object({ "type?": oneOf("message"), role: anything, content }),
  developer: object({ "type?": oneOf("message"), role: anything, content }),
  system: object({ "type?": oneOf("message"), role: anything, content }),
  assistant: object({
    "type?": oneOf("message"),
    role: anything,
    content: output,
    "id?": like(/^msg/),
    "status?": oneOf("completed", "in_progress", "incomplete"),
    "phase?": oneOf("commentary", "final_answer"),
  }),
});
const items = kinds("type", {
  function_call: object({
    type: anything,
    call_id: like(/^.{1,64}$/s),
    name: like(NAME),
    arguments: anyText,
    "id?": like(/^fc/),
    "status?": oneOf("completed", "in_progress", "incomplete"),
  }),
  function_call_output: object({
    type: anything,
    call_id: like(/^.{1,64}$/s),
    output: textOr(anyText, list(kinds("type", input))),
    "id?": text(),
    "status?": anything,
  }),
  reasoning: object({
    type: anything,
    "id?": like(/^rs/),
    summary: list(object({ type: oneOf("summary_text"), text: anyText }), 0),
    "content?": anything,
    "encrypted_content?": anyText,
    "status?": anything,
  }),
  web_search_call: object({ type: anything, id: like(/^ws/), status: anything, action: anything }),
  code_interpreter_call: object({
    type: anything,
    id: like(/^ci/),
    status: anything,
    code: anyText,
    container_id: text(),
    outputs: anything,
  }),
  image_generation_call: object({ type: anything, id: like(/^ig/), status: anything, result: anything }),
  mcp_call: object({
    type: anything,
    id: like(/^mcp/),
    server_label: text(),
    name: text(),
    arguments: anyText,
    "error?": anything,
    "output?": anything,
  }),
});
const item: Law = (value, place, tell) =>
  (isPlain(value) && value["role"] !== undefined ? spoken : items)(value, place, tell);

const tool = all(
  object({
    type: oneOf("function"),
    name: like(NAME),
    "description?": anyText,
    parameters: rule((schema, tell) => {
      if (schema["type"] !== "object") tell("parameters are no object");
    }),
    "strict?": flag,
  }),
  rule((one, tell) => {
    if (one["strict"] === true) strictSchema(one["parameters"], `tool ${String(one["name"])}`, tell);
  }),
);
const knownTool = kinds("type", {
  web_search: object({
    type: anything,
    "filters?": object({ allowed_domains: list(text()) }),
    "user_location?": anything,
    "search_context_size?": anything,
  }),
  code_interpreter: object({ type: anything, container: anything }),
  image_generation: object({ type: anything, "size?": like(/^\d+x\d+$/) }),
  mcp: object({
    type: anything,
    server_label: like(NAME),
    server_url: like(/^https:/),
    require_approval: oneOf("always", "never"),
  }),
});
const anyTool: Law = (value, place, tell) =>
  (isPlain(value) && value["type"] !== "function" ? knownTool : tool)(value, place, tell);

const format = kinds("type", {
  text: object({ type: anything }),
  json_object: object({ type: anything }),
  json_schema: all(
    object({ type: anything, name: like(NAME), schema: anything, "strict?": flag, "description?": anyText }),
    rule((one, tell) => {
      if (one["strict"] === true) strictSchema(one["schema"], "the format", tell);
    }),
  ),
});

const shape = object({
  model: text(),
  input: list(item),
  "stream?": flag,
  store: oneOf(false),
  "include?": list(
    oneOf("reasoning.encrypted_content", "web_search_call.action.sources", "code_interpreter_call.outputs"),
  ),
  "tools?": list(anyTool),
  "tool_choice?": textOr(
    oneOf("auto", "none", "required"),
    object({ type: oneOf("function"), name: like(NAME) }),
  ),
  "parallel_tool_calls?": flag,
  "text?": object({ "format?": format, "verbosity?": anything }),
  "max_output_tokens?": number(16),
  "temperature?": number(0, 2),
  "reasoning?": object({
    "effort?": oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "summary?": oneOf("auto", "concise", "detailed"),
  }),
  "prompt_cache_key?": like(/^.{1,64}$/s),
  "prompt_cache_retention?": oneOf("in-memory", "24h"),
  "instructions?": anyText,
});

/** OpenAI's Responses. */
export const responsesLaw: Law = all(wellFormed, shape, (body, _, tell) => {
  for (const problem of checkResponses(body as never)) tell(problem);
});
