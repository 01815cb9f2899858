import type { Asked } from "../kernel/waits.ts";
import { copyOf } from "../platform/copy-of.ts";
import { given } from "../platform/given.ts";
import { jsonSchemaOf, type Schema } from "../words/schema.ts";

/** What is asked now, as it is kept: it belongs to one run, and shows a form to those who have no code. */
export function askedNow(prompt: unknown, schema: Schema, askedAt: number): Asked {
  return { prompt: copyOf(prompt), askedAt, ...given({ schema: jsonSchemaOf(schema) }) };
}
