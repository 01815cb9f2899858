/** What the plain door gives, as JSON Schemas: one for each public shape. The test of this file compares them with what is given. */
import type { JsonSchema } from "@orch/core";
import { type EventField, eventFields } from "../view/event-fields.ts";

const TEXT: JsonSchema = { type: "string" };
const NUMBER: JsonSchema = { type: "number" };
const ANY: JsonSchema = {};

const FIELDS: { readonly [kind in EventField]: JsonSchema } = {
  text: TEXT,
  number: NUMBER,
  boolean: { type: "boolean" },
  true: { const: true },
  texts: { type: "array", items: TEXT },
  json: ANY,
  schema: { type: "object" },
  error: { $ref: "#/components/schemas/PublicError" },
  usage: { $ref: "#/components/schemas/PublicUsage" },
};

/** An object with these fields; those with a question mark may be absent. */
function objectOf(fields: { readonly [name: string]: JsonSchema }): JsonSchema {
  const entries = Object.entries(fields);
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace("?", ""), schema])),
    required: entries.flatMap(([name]) => (name.endsWith("?") ? [] : [name])),
    additionalProperties: false,
  };
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

const events = Object.entries(eventFields).map(([type, fields]) => {
  const own = Object.entries(fields).map(([name, kind]) => [name, FIELDS[kind]] as const);
  return objectOf({
    type: { const: type },
    id: TEXT,
    number: NUMBER,
    time: NUMBER,
    ...Object.fromEntries(own),
  });
});

const session = { session: TEXT, title: TEXT, createdAt: NUMBER, updatedAt: NUMBER, turns: NUMBER };
const summary = {
  ...{ run: TEXT, orchestration: TEXT, status: TEXT, startedAt: NUMBER, updatedAt: NUMBER },
  ...{ tokens: NUMBER, cost: NUMBER },
};
const question = objectOf({
  question: TEXT,
  path: TEXT,
  prompt: ANY,
  askedAt: NUMBER,
  "schema?": { type: "object" },
});
const turn = objectOf({
  ...{
    turn: TEXT,
    status: TEXT,
    message: TEXT,
    "files?": listOf({ $ref: "#/components/schemas/PublicFileName" }),
    "answer?": TEXT,
    "error?": { $ref: "#/components/schemas/PublicError" },
    startedAt: NUMBER,
    "endedAt?": NUMBER,
  },
});

/** The schemas by name. */
export const publicSchemas: { readonly [name: string]: JsonSchema } = {
  Problem: objectOf({ type: TEXT, status: NUMBER, code: TEXT, title: TEXT, "detail?": TEXT }),
  PublicError: objectOf({ code: TEXT, message: TEXT }),
  PublicUsage: objectOf({ "inputTokens?": NUMBER, "outputTokens?": NUMBER, "cost?": NUMBER, "model?": TEXT }),
  PublicOrchestration: objectOf({
    ...{ name: TEXT, "description?": TEXT, "input?": { type: "object" }, "output?": { type: "object" } },
    ...{ signals: listOf(TEXT), states: listOf(TEXT) },
  }),
  PublicRunSummary: objectOf(summary),
  PublicRunPicture: objectOf({
    ...summary,
    open: listOf(objectOf({ path: TEXT, state: TEXT, kind: TEXT })),
    questions: listOf(question),
    waits: listOf(TEXT),
    "output?": ANY,
    "error?": { $ref: "#/components/schemas/PublicError" },
    "reason?": TEXT,
  }),
  PublicFile: objectOf({ mediaType: TEXT, "data?": TEXT, "url?": TEXT, "name?": TEXT }),
  PublicFileName: objectOf({ mediaType: TEXT, "name?": TEXT }),
  PublicChat: objectOf({ name: TEXT, "description?": TEXT }),
  PublicSession: objectOf(session),
  PublicHistory: objectOf({
    ...session,
    history: listOf(turn),
    "answering?": TEXT,
    questions: listOf(question),
  }),
  SentMessage: objectOf({ session: TEXT, turn: TEXT }),
  PublicEvent: { oneOf: events },
};
