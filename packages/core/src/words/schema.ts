/**
 * Schemas of any library that follows Standard Schema (zod, Valibot, ArkType, ...). Types only:
 * core depends on none of them.
 *
 * Source: https://standardschema.dev, version 1.
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
