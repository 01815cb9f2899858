/** Checks one layer of the configuration: unknown keys are warnings, wrong types are errors. */
import { nearestName } from "@orch/agents";
import { z } from "zod";
import { ConfigError } from "../errors/config-error.ts";
import type { Config } from "./config.ts";
import { configSchema } from "./schema.ts";

/** A layer's settings, and what to tell the user about it. */
export interface CheckedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
}

/**
 * Checks what `file` holds. Unknown keys are left out and named, with the nearest known one.
 *
 * @throws ConfigError (`ORCH_CONFIG`) for a value of the wrong type.
 */
export function checkConfig(file: string, value: unknown): CheckedConfig {
  const copy: unknown = structuredClone(value);
  const first = configSchema.safeParse(copy);
  if (first.success) return { config: first.data, warnings: [] };
  const warnings: string[] = [];
  for (const issue of first.error.issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const path = issue.path.map(String);
    for (const key of issue.keys) {
      const place = [...path, key].join(".");
      const nearest = nearestName(key, keysAt(path));
      const hint = nearest === undefined ? "" : `; did you mean "${[...path, nearest].join(".")}"?`;
      warnings.push(`${file}: there is no setting "${place}", so it is ignored${hint === "" ? "." : hint}`);
      const holder = holderOf(copy, path);
      if (holder !== undefined) delete holder[key];
    }
  }
  const second = configSchema.safeParse(copy);
  if (second.success) return { config: second.data, warnings };
  const [issue] = second.error.issues;
  throw new ConfigError({
    file,
    place: (issue?.path ?? []).map(String).join("."),
    problem: (issue?.message ?? "it does not fit").replace(/\.$/, ""),
  });
}

/** The settings that may stand under `path`. */
function keysAt(path: readonly string[]): readonly string[] {
  let schema: unknown = configSchema;
  for (const step of path) {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodObject) schema = inner.shape[step];
    else if (inner instanceof z.ZodRecord) schema = inner.valueType;
  }
  const last = unwrap(schema);
  return last instanceof z.ZodObject ? Object.keys(last.shape) : [];
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}

function holderOf(value: unknown, path: readonly string[]): Record<string, unknown> | undefined {
  let holder: unknown = value;
  for (const step of path) holder = (holder as Record<string, unknown> | undefined)?.[step];
  return typeof holder === "object" && holder !== null ? (holder as Record<string, unknown>) : undefined;
}
