/** The answer to the question whether a tool call may run, as a schema for the question. */
import type { Schema } from "@orch/core";
import type { Approval } from "./approval.ts";

/** `true`, `false`, or `{ deny: "why" }`; nothing else counts, and nothing else is a yes. */
export const approvalAnswer: Schema<Approval> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) =>
      isApproval(value)
        ? { value }
        : { issues: [{ message: 'Answer with true, false, or { "deny": "why" }.' }] },
    ...{ jsonSchema: { input: () => JSON_SCHEMA, output: () => JSON_SCHEMA } },
  },
};

const JSON_SCHEMA = {
  anyOf: [
    { type: "boolean" },
    {
      type: "object",
      properties: { deny: { type: "string" } },
      required: ["deny"],
      additionalProperties: false,
    },
  ],
};

function isApproval(value: unknown): value is Approval {
  if (typeof value === "boolean") return true;
  return typeof value === "object" && value !== null && "deny" in value && typeof value.deny === "string";
}
