/**
 * Arguments of tools that clients repeat in headers, for machines on the way: properties with `x-mcp-header` in the schema of the
 * input. What stands in a header has to be what stands in the body, or such a machine was told something else than the tool.
 *
 * Source: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
import type { JsonSchema } from "@orch/core";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { headerText } from "./header-text.ts";

const TYPES = ["string", "integer", "number", "boolean"];
/** How deep properties are looked for. */
const DEPTH = 8;

/** The first header that is missing, is too much, or says something else than the arguments; `undefined` where all fit. */
export function unfitParamHeader(headers: Headers, schema: JsonSchema, args: JsonObject): string | undefined {
  for (const { name, path } of paramHeaders(schema)) {
    const header = `Mcp-Param-${name}`;
    const value = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), args);
    const isThere = value !== undefined && value !== null;
    const told = headers.get(header);
    if (!isThere && told === null) continue;
    if (told === null || !isThere || headerText(told) !== String(value)) return header;
  }
  return undefined;
}

interface ParamHeader {
  readonly name: string;
  readonly path: readonly string[];
}

function paramHeaders(schema: JsonSchema, path: readonly string[] = []): readonly ParamHeader[] {
  const { properties } = schema;
  if (!isObject(properties) || path.length >= DEPTH) return [];
  return Object.entries(properties).flatMap(([key, property]) => {
    if (!isObject(property)) return [];
    const at = [...path, key];
    const name = property["x-mcp-header"];
    const isOne = typeof name === "string" && /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/.test(name);
    const own = isOne && TYPES.includes(String(property["type"])) ? [{ name, path: at }] : [];
    return [...own, ...paramHeaders(property as JsonSchema, at)];
  });
}
