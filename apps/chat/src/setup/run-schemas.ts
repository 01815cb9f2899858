/** The schemas of typed runs, as a file of one's own exports them. */
import type { Schema } from "@orch/core";
import { OrchestrationFileError } from "../errors/orchestration-file-error.ts";

/** A file of one's own, and what it exports. */
export interface OwnExports {
  readonly orchestration: string;
  /** As somebody in the folder names it. */
  readonly file: string;
  readonly exports: object;
}

/** What runs take and give; absent where the file does not say. */
export interface RunSchemas {
  readonly input?: Schema;
  readonly output?: Schema;
}

/** The exports `input` and `output`. @throws OrchestrationFileError (`ORCH_ORCHESTRATION_FILE`) for one that is no schema. */
export function runSchemas(own: OwnExports): RunSchemas {
  const [input, output] = [schemaIn(own, "input"), schemaIn(own, "output")];
  return { ...(input && { input }), ...(output && { output }) };
}

function schemaIn({ orchestration, file, exports }: OwnExports, name: keyof RunSchemas): Schema | undefined {
  const value: unknown = Object.entries(exports).find(([key]) => key === name)?.[1];
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && "~standard" in value) return value as Schema;
  if (typeof value === "function" && "~standard" in value) return value as unknown as Schema;
  const problems = [{ file, says: `Its export "${name}" is no schema.` }];
  const fix =
    "Let it be a schema of zod or of another library with Standard Schema, or give it another name.";
  throw new OrchestrationFileError({ orchestration, file, problems }, { fix });
}
