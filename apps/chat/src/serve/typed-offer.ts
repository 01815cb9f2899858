/** An orchestration of the chat as typed runs of a server. */
import { userMessage } from "@orch/agents";
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { JsonSchema, Schema, SchemaResult } from "@orch/core";
import type { OrchestrationOffer } from "@orch/server";
import { type OwnExports, runSchemas } from "../setup/run-schemas.ts";

const TEXT: JsonSchema = { type: "string", minLength: 1 };

/**
 * The offer; `undefined` for what answers a conversation and has no other input: agents, and code. The exports `input` and `output` of a
 * file of one's own are the schemas of its runs. Without `input` a run takes a text, as a message does.
 *
 * @throws OrchestrationFileError (`ORCH_ORCHESTRATION_FILE`) for an export that is no schema.
 */
export function typedOffer(
  configuration: RuntimeConfiguration,
  own: OwnExports | undefined,
  { description }: Pick<OrchestrationOffer, "description">,
): OrchestrationOffer | undefined {
  if ("invoke" in configuration) return undefined;
  const { orchestration, remembers = false } = configuration;
  const { input, output } = own === undefined ? {} : runSchemas(own);
  if (input === undefined && remembers !== false) return undefined;
  return {
    orchestration,
    input: input ?? textInput(configuration),
    ...(output && { output }),
    ...(description !== undefined && { description }),
  };
}

/** Takes a text, and makes of it what a message with it would be. */
function textInput({ toInput }: Extract<RuntimeConfiguration, { readonly orchestration: unknown }>): Schema {
  const validate = (value: unknown): SchemaResult<unknown> => {
    if (typeof value !== "string" || value === "") return { issues: [{ message: "it is no text" }] };
    return { value: toInput({ id: "run", history: [], message: userMessage(value), text: value }) };
  };
  const jsonSchema = { input: () => TEXT };
  return { "~standard": { version: 1, vendor: "orch", validate, jsonSchema } } as Schema;
}
