/** What a model is offered besides the conversation: tools, ways to other agents, and how to give an answer that fits a schema. */
import type { Schema } from "@orch/core";
import type { Agent } from "../agent/agent.ts";
import { handoffSpec, handoffsOf } from "../agent/handoff/handoff.ts";
import { type OutputPlan, planOutput } from "../agent/output-plan.ts";
import type { Tool } from "../agent/tool.ts";
import { wellFormed } from "../platform/well-formed.ts";
import { toStrict } from "../schema/schema.ts";
import { type Model, type ModelRequest, modelName, type ToolSpec } from "../words/model.ts";

/** What the calls of an agent's model carry for its tools and its answer. */
export interface Offer {
  readonly plan: OutputPlan;
  readonly request: Pick<ModelRequest, "tools" | "output">;
}

/** Makes the offer of an agent; `schema` is what the answer must fit. Adds to `warnings` what the user should know. */
export function offerOf(
  agent: Agent<unknown>,
  schema: Schema | undefined,
  model: Model,
  warnings: Set<string>,
): Offer {
  const plan = planOutput(agent, schema, model);
  const tools = toolSpecs(agent, agent.tools, model, plan, warnings);
  return {
    plan,
    request: {
      ...(tools.length > 0 && { tools }),
      ...(plan.way === "native" && { output: wellFormed(plan.output) }),
    },
  };
}

/** The tools as the model is offered them, with handoffs and the way to answer. */
export function toolSpecs(
  agent: Agent<unknown>,
  tools: readonly Tool[],
  model: Model,
  plan: OutputPlan,
  warnings: Set<string>,
): readonly ToolSpec[] {
  if (plan.way !== "text") {
    for (const problem of toStrict(plan.schema).warnings)
      warnings.add(`The output of "${agent.name}": ${problem}.`);
  }
  const handoffs = handoffsOf(agent).map(handoffSpec);
  if (!model.caps.tools && tools.length + handoffs.length > 0) {
    warnings.add(`The model ${modelName(model.id)} cannot call tools, so it is not offered any.`);
    return [];
  }
  const specs = tools.map((tool) => {
    if (tool.provider === undefined)
      for (const problem of toStrict(tool.input).warnings)
        warnings.add(`The arguments of the tool "${tool.name}": ${problem}.`);
    return specOf(tool);
  });
  return [...specs, ...wellFormed(plan.way === "tool" ? [...handoffs, plan.spec] : handoffs)];
}

const specsMade = new WeakMap<Tool, ToolSpec>();

/** A tool as models are offered it, made once: to look through a schema takes longer than a turn. */
function specOf(tool: Tool): ToolSpec {
  const made = specsMade.get(tool);
  if (made !== undefined) return made;
  const { name, description, input, provider } = tool;
  const spec = wellFormed(
    provider === undefined
      ? strictSpec(name, description, input)
      : { name, description, schema: { type: "object" }, provider },
  );
  specsMade.set(tool, spec);
  return spec;
}

function strictSpec(name: string, description: string, input: Tool["input"]): ToolSpec {
  const { schema, strict } = toStrict(input);
  return { name, description, schema, strict };
}
