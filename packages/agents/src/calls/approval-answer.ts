/** The answer to the question whether a tool call may run, as a schema for the question. */
import type { Json, Schema } from "@orch/core";
import type { Tool } from "../agent/tool.ts";
import type { JsonObject } from "../platform/json-object.ts";
import { toStrict } from "../schema/schema.ts";
import type { Approval } from "./approval.ts";
import { readArguments } from "./read-call.ts";

/** `true`, `false`, `{ deny: "why" }`, or `{ input }` that fits the tool; nothing else counts, and nothing else is a yes. */
export function approvalAnswer(tool: Tool): Schema<Approval> {
  const schema = jsonSchemaOf(tool);
  return {
    "~standard": {
      version: 1,
      vendor: "orch",
      validate: async (value) => {
        if (!isApproval(value))
          return { issues: [{ message: 'Answer with true, false, { "deny": "why" } or { "input": … }' }] };
        if (typeof value === "boolean" || "deny" in value) return { value };
        const read = await readArguments(tool, value.input);
        return "problem" in read ? { issues: [{ message: read.problem, path: ["input"] }] } : { value };
      },
      ...{ jsonSchema: { input: () => schema, output: () => schema } },
    },
  };
}

function jsonSchemaOf(tool: Tool): JsonObject {
  return {
    anyOf: [
      { type: "boolean" },
      closed("deny", { type: "string" }),
      closed("input", toStrict(tool.input).plain as Json),
    ],
  };
}

function closed(key: string, value: Json): JsonObject {
  return { type: "object", properties: { [key]: value }, required: [key], additionalProperties: false };
}

function isApproval(value: unknown): value is Approval {
  if (typeof value === "boolean") return true;
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return false;
  return "input" in value || ("deny" in value && typeof value.deny === "string");
}
