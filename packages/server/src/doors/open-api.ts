/** The OpenAPI 3.1 document of the plain door, made of its table of calls. */
import type { JsonSchema } from "@orch/core";
import type { DoorCall } from "../words/door.ts";
import type { JsonRoute } from "./json-route.ts";
import { publicSchemas } from "./public-schemas.ts";

/** What a document is made for. */
export interface OpenApiPlace {
  /** Where the door is mounted. */
  readonly path: string;
  readonly title: string;
  /** Whose orchestrations it tells of. */
  readonly call: Pick<DoorCall, "runs">;
}

/** Makes the document. Inputs of orchestrations whose schema is known stand in it by name. */
export function openApi(routes: readonly JsonRoute[], { path, title, call }: OpenApiPlace): JsonSchema {
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const route of routes) {
    const at = `${path}${route.path}`;
    paths[at] = { ...paths[at], [route.method.toLowerCase()]: operationOf(route) };
  }
  const inputs = call.runs.orchestrations.flatMap(({ name, input }) =>
    input === undefined ? [] : [[`input.${name}`, placedSchema(input, `input.${name}`)] as const],
  );
  return {
    openapi: "3.1.0",
    info: { title, version: "1" },
    paths,
    components: {
      schemas: { ...publicSchemas, ...Object.fromEntries(inputs) },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
    security: [{}, { token: [] }],
  };
}

/** A schema with a place in the document: what it refers to in itself is found there. */
function placedSchema(schema: JsonSchema, name: string): JsonSchema {
  const placed = (key: string, value: unknown): unknown =>
    key === "$ref" && typeof value === "string" && value.startsWith("#")
      ? `#/components/schemas/${name}${value.slice(1)}`
      : value;
  // biome-ignore lint/plugin: the text was made here, of a schema that is JSON already
  return JSON.parse(JSON.stringify(schema, placed)) as JsonSchema;
}

function operationOf({ name, path, summary, query = {}, body, status, gives }: JsonRoute): object {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => ({
    ...{ name: part, in: "path", required: true },
    schema: { type: "string" },
  }));
  const asked = Object.entries(query).map(([part, description]) => ({
    ...{ name: part, in: "query", required: false, description },
    schema: { type: "string" },
  }));
  const problem = {
    description: "It could not be done; `code` says why.",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  return {
    operationId: name,
    summary,
    parameters: [...named, ...asked],
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: { type: "object", ...body } } },
      },
    }),
    responses: {
      [status]: {
        description: gives === undefined ? "It is done." : "What was asked for.",
        ...(gives && { content: { "application/json": { schema: gives } } }),
      },
      default: problem,
    },
  };
}
