/** A provider's tool as an agent holds it beside its own: a tool with a name, and with what the provider is sent instead of a schema. */
import type { Schema } from "@orch/core";
import type { Tool, ToolContext, ToolManners, ToolOutput } from "../../agent/tool.ts";
import { ProviderToolError } from "../../errors/provider-tool-error.ts";
import { ToolNameError } from "../../errors/tool-name-error.ts";
import { isObject, type JsonObject } from "../../platform/json-object.ts";
import type { ProviderTool } from "../../words/provider-tool.ts";

/** Who agrees to the calls of a tool whose work is done here, and how long one may take. */
export interface HandledToolOptions<TInput> extends Pick<ToolManners, "timeout"> {
  /** Whether a person must agree to a call first; a function is told what is wanted. Default true. */
  readonly approve?: boolean | ((input: TInput) => boolean);
}

/** Why arguments are not taken, for the model. */
export interface InputProblem {
  readonly problem: string;
}

/** What is done with a call. */
export interface HandledTool<TInput> extends HandledToolOptions<TInput> {
  /** Reads the arguments, or says what is wrong with them. */
  readonly read: (input: JsonObject) => TInput | InputProblem;
  readonly invoke: (input: TInput, ctx: ToolContext) => ToolOutput | Promise<ToolOutput>;
}

/** A tool that runs at the provider: this side only sees what came of it. */
export function hostedTool(name: string, description: string, provider: ProviderTool): Tool {
  const invoke = (): never => {
    const problem = "it runs at the provider and is not called here";
    throw new ProviderToolError({ tool: provider.type, provider: "", problem, has: [] });
  };
  return Object.freeze({ name, description, provider, invoke, input: objects((input) => input) });
}

/** A tool that the provider asks for, and that is done here. */
export function handledTool<TInput>(
  name: string,
  description: string,
  provider: ProviderTool,
  { read, invoke, approve = true, timeout }: HandledTool<TInput>,
): Tool {
  if (!/^[\w-]{1,64}$/.test(name)) throw new ToolNameError({ tool: name });
  return Object.freeze({
    name,
    description,
    provider,
    approve,
    invoke,
    input: objects(read),
    // What is done on a machine is done in order.
    sequential: true,
    ...(timeout !== undefined && { timeout }),
  });
}

/** Takes any object: what stands in it, the provider's own model knows. */
function objects<TInput>(read: (input: JsonObject) => TInput | InputProblem): Schema<TInput> {
  const schema = { type: "object" };
  const standard = {
    version: 1 as const,
    vendor: "orch",
    validate: (value: unknown) => {
      if (!isObject(value)) return { issues: [{ message: "the arguments must be an object" }] };
      const input = read(value);
      return isProblem(input) ? { issues: [{ message: input.problem }] } : { value: input };
    },
    jsonSchema: { input: () => schema, output: () => schema },
  };
  return { "~standard": standard };
}

function isProblem(input: unknown): input is InputProblem {
  return isObject(input) && typeof input["problem"] === "string" && Object.keys(input).length === 1;
}
