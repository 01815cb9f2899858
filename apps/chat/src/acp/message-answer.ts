/** A message as the answer to a question, where the client shows no form. */
import { parseJson } from "@orch/core";
import type { Asked } from "../questions/asked.ts";
import { formOf, isWhole } from "../questions/form.ts";
import { readField } from "../questions/reading.ts";
import { readings } from "../sessions/open-questions.ts";

/** What the message may mean, the likeliest first, or what is wrong with it in words. */
export function messageAnswer(
  { call, schema }: Asked,
  message: string,
): { readonly values: readonly unknown[] } | { readonly problem: string } {
  if (call !== undefined || schema === undefined) return { values: [...readings(message)] };
  const form = formOf(schema);
  if (!isWhole(form)) return fieldsIn(message);
  const read = readField(form.fields[0]!, message);
  if ("problem" in read) return read;
  return { values: "skipped" in read ? [undefined] : [read.value, ...(read.others ?? [])] };
}

/** Several fields are written as JSON. */
function fieldsIn(message: string): ReturnType<typeof messageAnswer> {
  try {
    return { values: [parseJson(message)] };
  } catch {
    return { problem: "it is not JSON" };
  }
}
