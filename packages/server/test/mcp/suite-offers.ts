/** The prompts and resources that the conformance suite of MCP asks for, under the names that it gives them. */
import { orchestration, question, runnable } from "@orch/core";
import { z } from "zod";
import type { OrchestrationOffer } from "../../src/index.ts";
import type { McpMessage, McpPrompt, McpResource } from "../../src/mcp.ts";

/** A red dot. */
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

const user = (content: McpMessage["content"]): McpMessage => ({ role: "user", content });
const says = (text: string): McpMessage => user({ type: "text", text });

const ask = question("user_context", {
  ask: "What context should the prompt use?",
  answer: z.object({ context: z.string() }),
});
const brief = runnable("brief", ({ context }: { context: string }) => `Work in this context: ${context}`);
const briefing = orchestration("test_input_required_result_prompt", (o) =>
  o.start(ask).advance(ask, brief).finish(brief),
);

const towns = ["paris", "park", "party", "test", "tested"];
const town = (typed: string): readonly string[] => towns.filter((one) => one.startsWith(typed));

/** The orchestrations that write prompts. */
export const suiteBriefings: { readonly [name: string]: OrchestrationOffer } = {
  test_input_required_result_prompt: {
    orchestration: briefing,
    description: "Asks, then writes.",
    input: z.object({}),
  },
};

/** The prompts, by their names. */
export const suitePrompts: { readonly [name: string]: McpPrompt } = {
  test_simple_prompt: { description: "A simple prompt.", messages: "This is a simple prompt for testing." },
  test_prompt_with_arguments: {
    description: "A prompt with two arguments.",
    arguments: {
      arg1: { description: "First test argument", required: true, complete: town },
      arg2: { description: "Second test argument", required: true },
    },
    messages: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  },
  test_prompt_with_embedded_resource: {
    description: "A prompt with a resource in it.",
    arguments: { resourceUri: { description: "URI of the resource to embed", required: true } },
    messages: ({ resourceUri = "" }) => [
      user({
        type: "resource",
        resource: {
          uri: resourceUri,
          mimeType: "text/plain",
          text: "Embedded resource content for testing.",
        },
      }),
      says("Please process the embedded resource above."),
    ],
  },
  test_prompt_with_image: {
    description: "A prompt with a picture.",
    messages: [
      user({ type: "image", data: PNG, mimeType: "image/png" }),
      says("Please analyze the image above."),
    ],
  },
  test_input_required_result_prompt: { orchestration: "test_input_required_result_prompt" },
};

/** The resources, by their URIs. */
export const suiteResources: { readonly [uri: string]: McpResource } = {
  "test://static-text": {
    name: "Static text",
    mimeType: "text/plain",
    read: () => "This is the content of the static text resource.",
  },
  "test://static-binary": {
    name: "Static binary",
    mimeType: "image/png",
    read: () => Uint8Array.from(atob(PNG), (char) => char.charCodeAt(0)),
  },
  "test://template/{id}/data": {
    name: "Data by id",
    mimeType: "application/json",
    read: ({ id }) => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  },
  "test://watched-resource": { name: "Watched", read: () => "What is watched." },
};
