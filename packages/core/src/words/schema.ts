/**
 * Schemas of any library that follows Standard Schema (zod, Valibot, ArkType, ...). Types only:
 * core depends on none of them.
 *
 * Source: https://standardschema.dev, version 1, and https://standardschema.dev/json-schema.
 */

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What validation gives: the value, or what is wrong with it. */
export type SchemaResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** The part of Standard Schema that Orch uses. */
export interface Schema<TOutput = unknown, TInput = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<TOutput> | Promise<SchemaResult<TOutput>>;
    readonly types?: { readonly input: TInput; readonly output: TOutput } | undefined;
  };
}

/** A JSON Schema (draft 2020-12), as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Standard JSON Schema: what goes in, as plain data. Not every library has it, and not every schema. */
interface JsonSchemaSource {
  readonly jsonSchema?: { readonly input?: (options: { readonly target: "draft-2020-12" }) => unknown };
}

const shapes = new WeakMap<Schema, JsonSchema | null>();

/** What a value has to look like, as a JSON Schema; `undefined` where the library or this schema gives none. */
export function jsonSchemaOf(schema: Schema): JsonSchema | undefined {
  let shape = shapes.get(schema);
  if (shape === undefined) {
    try {
      const { jsonSchema } = schema["~standard"] as JsonSchemaSource;
      const made = jsonSchema?.input?.({ target: "draft-2020-12" });
      // biome-ignore lint/plugin: the text was made here; libraries hide properties of their own in what they give
      shape = made === undefined ? null : (JSON.parse(JSON.stringify(made)) as JsonSchema);
    } catch {
      shape = null;
    }
    shapes.set(schema, shape);
  }
  return shape ?? undefined;
}

/** What a schema gives for a value, or the value itself where there is no schema; throws what `refuse` makes of issues. */
export async function checked(
  schema: Schema | undefined,
  value: unknown,
  refuse: (issues: readonly SchemaIssue[]) => Error,
): Promise<unknown> {
  if (schema === undefined) return value;
  const result = await schema["~standard"].validate(value);
  if (result.issues !== undefined) throw refuse(result.issues);
  return result.value;
}

/** Writes issues as one line, like `queries[2].text: expected string; topic: required`. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues.map((issue) => `${describePath(issue.path)}${issue.message}`).join("; ");
}

function describePath(path: SchemaIssue["path"]): string {
  if (path === undefined || path.length === 0) return "";
  let text = "";
  for (const step of path) {
    const key = typeof step === "object" ? step.key : step;
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return `${text}: `;
}
