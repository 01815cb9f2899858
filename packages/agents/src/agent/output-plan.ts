/**
 * How a model is asked for an answer that fits a schema. Three ways, as the model can: its own (`native`), a tool that we
 * add and whose call is the answer (`tool`), or the schema in the system prompt (`prompt`).
 */
import type { Schema } from "@orch/core";
import { OutputUnsupportedError } from "../errors/output-unsupported-error.ts";
import { type SentSchema, toStrict } from "../schema/schema.ts";
import { isRecursive } from "../schema/size.ts";
import { type Model, type ModelRequest, modelName, type ToolSpec } from "../words/model.ts";
import type { Agent } from "./agent.ts";
import { handoffsOf } from "./handoff/handoff.ts";

/** How this run asks for its answer. */
export type OutputPlan = { readonly way: "text" } | ValuePlan;

/** How this run asks for an answer that fits a schema. */
export type ValuePlan =
  | { readonly way: "native"; readonly schema: Schema; readonly output: NonNullable<ModelRequest["output"]> }
  | { readonly way: "tool"; readonly schema: Schema; readonly spec: ToolSpec }
  | { readonly way: "prompt"; readonly schema: Schema; readonly instructions: string };

/**
 * Chooses the way. A model that cannot take a schema beside tools gets the answer as a tool.
 *
 * @throws OutputUnsupportedError (`ORCH_OUTPUT_UNSUPPORTED`) when the model gives no structured output.
 * @throws SchemaError (`ORCH_SCHEMA`) when the schema cannot be sent.
 */
export function planOutput(agent: Agent<unknown>, schema: Schema | undefined, model: Model): OutputPlan {
  if (schema === undefined) return { way: "text" };
  const { caps } = model;
  if (caps.output === "none") {
    throw new OutputUnsupportedError({ agent: agent.name, model: modelName(model.id) });
  }
  const sent = toStrict(schema);
  const crowded = agent.tools.length + handoffsOf(agent).length > 0 && !caps.outputWithTools;
  if (caps.output === "native" && !crowded && takesNatively(sent, model)) {
    return { way: "native", schema, output: { name: "answer", schema: sent.schema, strict: sent.strict } };
  }
  if (caps.output !== "prompt" && caps.tools) return { way: "tool", schema, spec: answerTool(agent, sent) };
  return { way: "prompt", schema, instructions: askFor(sent) };
}

/** Anthropic rejects a schema that it cannot compile to a grammar. Such a schema is sent as a tool. */
function takesNatively(sent: SentSchema, model: Model): boolean {
  return model.id.api !== "messages" || (sent.strict && !isRecursive(sent.schema));
}

function answerTool(agent: Agent<unknown>, sent: SentSchema): ToolSpec {
  let name = "final_answer";
  while (agent.tools.some((tool) => tool.name === name)) name += "_";
  const description = "Gives the final answer. Call it once, when the work is done; nothing comes after it.";
  return { name, description, schema: sent.schema, strict: sent.strict };
}

function askFor(sent: SentSchema): string {
  return `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(sent.plain)}`;
}
