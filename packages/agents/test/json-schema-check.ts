/** A judge of values by JSON Schema, written apart from the code it judges: only what the tests need. */
import type { Json } from "@orch/core";

type Node = { readonly [key: string]: Json };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function target(ref: string, root: Node): Json {
  const steps = ref.slice(1).split("/").slice(1);
  return steps.reduce<Json>((node, step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return (node as Node)[key]!;
  }, root);
}

function isType(value: Json, type: Json): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isNode(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

/** Whether `value` fits. Formats and patterns are not looked at. */
export function accepts(schema: Json, value: Json, root: Node = schema as Node): boolean {
  if (typeof schema === "boolean") return schema;
  if (!isNode(schema)) throw new Error("no schema");
  const { $ref, type, anyOf, oneOf, allOf, not, items, prefixItems } = schema;
  if (typeof $ref === "string" && !accepts(target($ref, root), value, root)) return false;
  const fit = (choice: Json): boolean => accepts(choice, value, root);
  if (Array.isArray(anyOf) && !anyOf.some(fit)) return false;
  if (Array.isArray(oneOf) && oneOf.filter(fit).length !== 1) return false;
  if (Array.isArray(allOf) && !allOf.every(fit)) return false;
  if (not !== undefined && fit(not)) return false;
  if ("const" in schema && JSON.stringify(schema["const"]) !== JSON.stringify(value)) return false;
  if (Array.isArray(schema["enum"]) && !schema["enum"].includes(value as never)) return false;
  if (type !== undefined && ![type].flat().some((one) => isType(value, one as Json))) return false;
  if (Array.isArray(value)) {
    return value.every((item: Json, at) => {
      const place = Array.isArray(prefixItems) ? prefixItems[at] : undefined;
      const node: Json | undefined = place ?? items;
      return node === undefined || accepts(node, item, root);
    });
  }
  return !isNode(value) || acceptsObject(schema, value, root);
}

function acceptsObject(schema: Node, value: Node, root: Node): boolean {
  const properties = isNode(schema["properties"]) ? schema["properties"] : {};
  const patterns = isNode(schema["patternProperties"]) ? schema["patternProperties"] : {};
  const required = Array.isArray(schema["required"]) ? (schema["required"] as string[]) : [];
  if (!required.every((key) => Object.hasOwn(value, key))) return false;
  return Object.entries(value).every(([key, item]) => {
    if (Object.hasOwn(properties, key)) return accepts(properties[key]!, item, root);
    const pattern = Object.keys(patterns).find((one) => new RegExp(one).test(key));
    if (pattern !== undefined) return accepts(patterns[pattern]!, item, root);
    return accepts(schema["additionalProperties"] ?? true, item, root);
  });
}

/** Writes a value as a model under a strict schema has to: what was left out is `null`. */
export function writtenStrictly(schema: Json, value: Json, root: Node = schema as Node): Json {
  if (!isNode(schema)) return value;
  const { $ref, anyOf, items, properties } = schema;
  if (typeof $ref === "string") return writtenStrictly(target($ref, root), value, root);
  if (Array.isArray(anyOf)) {
    for (const choice of anyOf as readonly Json[]) {
      const written = writtenStrictly(choice, value, root);
      if (accepts(choice, written, root)) return written;
    }
    return value;
  }
  if (Array.isArray(value)) {
    return items === undefined ? value : value.map((item: Json) => writtenStrictly(items, item, root));
  }
  if (!isNode(value) || !isNode(properties)) return value;
  const known = Object.entries(properties).map(([key, property]): [string, Json] => [
    key,
    Object.hasOwn(value, key) ? writtenStrictly(property, value[key]!, root) : null,
  ]);
  const others = Object.entries(value).filter(([key]) => !Object.hasOwn(properties, key));
  return Object.fromEntries([...known, ...others]);
}
