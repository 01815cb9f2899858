import { describe, expect, it } from "vitest";
import { compatOf } from "../../src/providers/openai-compatible/compat.ts";
import { chatLaw } from "./chat-law.ts";
import { findings, type Law, type Plain } from "./law.ts";
import { messagesLaw } from "./messages-law.ts";
import { foreignRuns } from "./provider-runs.ts";
import { responsesLaw } from "./responses-law.ts";

const user = (content: unknown) => ({ role: "user", content });
const messages: Plain = {
  model: "m",
  max_tokens: 10,
  messages: [
    user("Hi."),
    { role: "assistant", content: [{ type: "tool_use", id: "c", name: "look", input: {} }] },
    user([{ type: "tool_result", tool_use_id: "c", content: "seen" }]),
  ],
  tools: [{ name: "look", input_schema: { type: "object" } }],
};
const responses: Plain = { model: "m", store: false, input: [user([{ type: "input_text", text: "Hi." }])] };
const chat: Plain = { model: "m", messages: [user("Hi.")] };
const strict = {
  type: "object",
  properties: { a: { type: "string" } },
  required: [],
  additionalProperties: false,
};
const image = (media_type: string, data: string) =>
  user([{ type: "image", source: { type: "base64", media_type, data } }]);

/** What is wrong, the law, the body and words of the finding. */
const BROKEN: readonly [string, Law, Plain, RegExp][] = [
  ["no max_tokens", messagesLaw, { ...messages, max_tokens: undefined }, /max_tokens/],
  ["an unknown key", messagesLaw, { ...messages, seed: 1 }, /unknown key seed/],
  ["half a character", messagesLaw, { ...messages, messages: [user("a\ud83d")] }, /half a character/],
  [
    "a call without a result",
    messagesLaw,
    { ...messages, messages: (messages["messages"] as unknown[]).slice(0, 2) },
    /call is left open/,
  ],
  [
    "a picture of another kind",
    messagesLaw,
    { ...messages, messages: [image("image/bmp", "AAAA")] },
    /media_type/,
  ],
  [
    "a picture that is not base64",
    messagesLaw,
    { ...messages, messages: [image("image/png", "x!")] },
    /not base64/,
  ],
  ["blank text", messagesLaw, { ...messages, messages: [user(" ")] }, /blank/],
  [
    "a budget that leaves no room",
    messagesLaw,
    { ...messages, thinking: { type: "enabled", budget_tokens: 2_000 } },
    /no room/,
  ],
  [
    "unsigned thinking",
    messagesLaw,
    {
      ...messages,
      messages: [
        user("a"),
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "h", signature: "" },
            { type: "text", text: "b" },
          ],
        },
      ],
    },
    /signature/,
  ],
  [
    "two tools of one name",
    messagesLaw,
    { ...messages, tools: [...(messages["tools"] as object[]), ...(messages["tools"] as object[])] },
    /two tools/,
  ],
  ["a conversation that is stored", responsesLaw, { ...responses, store: true }, /store/],
  ["no input", responsesLaw, { ...responses, input: [] }, /0 items/],
  [
    "an open strict schema",
    responsesLaw,
    { ...responses, tools: [{ type: "function", name: "f", parameters: strict, strict: true }] },
    /does not require a/,
  ],
  [
    "an output without a call",
    responsesLaw,
    { ...responses, input: [{ type: "function_call_output", call_id: "c", output: "x" }] },
    /no open call/,
  ],
  ["a long cache key", responsesLaw, { ...responses, prompt_cache_key: "k".repeat(65) }, /prompt_cache_key/],
  [
    "reasoning that leads nowhere",
    responsesLaw,
    { ...responses, input: [{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: "e" }] },
    /leads to nothing/,
  ],
  [
    "the other field for tokens",
    chatLaw(compatOf("generic")),
    { ...chat, max_completion_tokens: 5 },
    /max_completion_tokens/,
  ],
  [
    "a role that it does not know",
    chatLaw(compatOf("generic")),
    { ...chat, messages: [{ role: "developer", content: "x" }] },
    /role/,
  ],
  [
    "two users in a row",
    chatLaw(compatOf("generic")),
    { ...chat, messages: [user("a"), user("b")] },
    /two users/,
  ],
  [
    "a long id",
    chatLaw(compatOf("mistral")),
    {
      ...chat,
      messages: [
        user("a"),
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: "call_1", type: "function", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "x", name: "f" },
      ],
    },
    /illegal id/,
  ],
  [
    "a tool of another provider",
    responsesLaw,
    { ...responses, tools: [{ type: "web_search_20250305", name: "web_search" }] },
    /web_search_20250305/,
  ],
  [
    "a tool that the server does not know",
    chatLaw(compatOf("groq")),
    { ...chat, tools: [{ type: "openrouter:web_search" }] },
    /not one of "function"/,
  ],
  [
    "another server's field for its tools",
    chatLaw(compatOf("openrouter")),
    { ...chat, compound_custom: { tools: { enabled_tools: ["web_search"] } } },
    /compound_custom/,
  ],
];

const search = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} };
const found = { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] };
const ran = new Map<string, Plain>([
  ["srvtoolu_1", search],
  ["srvtoolu_1 result", found],
]);

describe("the law", () => {
  it.each([
    ["messages", messagesLaw, messages],
    ["responses", responsesLaw, responses],
    ["chat", chatLaw(compatOf("generic")), chat],
  ] as const)("takes a sound body of %s", (_, law, body) => {
    expect(findings(law, body)).toEqual([]);
  });

  it.each(BROKEN)("finds %s", (_, law, body, words) => {
    expect(findings(law, body).join("; ")).toMatch(words);
  });

  it.each([
    ["nothing where all is as it was made", [search, { ...found, cache_control: {} }], /^$/],
    ["a call that another provider made", [{ ...search, id: "x" }], /x was not made here/],
    ["a result with something else in it", [search, { ...found, content: ["more"] }], /not like this/],
    ["a call without its result", [search], /the calls srvtoolu_1 have the results $/],
  ])("finds %s among what ran there", (_, content, words) => {
    const body = { messages: [{ role: "assistant", content }] };
    expect(foreignRuns(body, { wire: "messages" }, ran).join("; ")).toMatch(words);
  });
});
