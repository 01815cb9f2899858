/** What a body says that came with a refusal. Each server has a form of its own. */
import { parseJson } from "@orch/core";

/** A refusal as its body tells it. */
export interface RefusalText {
  readonly message?: string;
  /** Codes and types, most telling first. */
  readonly codes: readonly string[];
  /** What the model wrote, where the server shows what it cannot read of it. */
  readonly wrote?: string;
  /** The status that the body names, where it names one. */
  readonly status?: number;
}

const DEEPEST = 6;

/** Reads a body: `{ error: { message } }`, `{ error: "..." }`, `{ message }`, `{ detail }`, a list of them, or a text. */
export function refusalText(body: unknown, depth = 0): RefusalText {
  if (depth > DEEPEST) return { codes: [] };
  if (typeof body === "string") return body === "" ? { codes: [] } : { message: body, codes: [] };
  if (Array.isArray(body)) return refusalText(body[0], depth + 1);
  const fields = asRecord(body);
  const inner = fields["error"];
  if (typeof inner === "string") return { message: inner, codes: codesOf(fields) };
  if (typeof inner === "object" && inner !== null) {
    const told = refusalText(inner, depth + 1);
    return { ...told, codes: [...told.codes, ...codesOf(fields)] };
  }
  const message = messageIn(fields);
  const behind = behindIt(fields, depth);
  const number = typeof fields["code"] === "number" ? fields["code"] : undefined;
  const said = [message, behind?.message].filter((text) => text !== undefined).join(": ");
  return {
    ...(said !== "" && { message: said }),
    codes: [...codesOf(fields), ...(behind?.codes ?? [])],
    ...(isText(fields["failed_generation"]) && { wrote: fields["failed_generation"] }),
    ...(number !== undefined && number >= 400 && number < 600 && { status: number }),
  };
}

function messageIn(fields: Fields): string | undefined {
  const { message, detail, errors } = fields;
  if (isText(message)) return message;
  if (isText(detail)) return detail;
  const first = Array.isArray(detail) ? detail[0] : Array.isArray(errors) ? errors[0] : undefined;
  const { msg, message: other } = asRecord(first);
  return isText(msg) ? msg : isText(other) ? other : isText(first) ? first : undefined;
}

/** What stands behind a server that passes on the refusal of another one. */
function behindIt(fields: Fields, depth: number): RefusalText | undefined {
  const { raw } = asRecord(fields["metadata"]);
  if (!isText(raw)) return undefined;
  try {
    return refusalText(parseJson(raw), depth + 1);
  } catch {
    return { message: raw, codes: [] };
  }
}

function codesOf(fields: Fields): readonly string[] {
  const details = Array.isArray(fields["details"]) ? fields["details"] : [fields["details"]];
  const told = details.flatMap((detail) => [asRecord(detail)["reason"], asRecord(detail)["error_code"]]);
  const inner = asRecord(fields["innererror"])["code"];
  return [...told, inner, fields["code"], fields["type"], fields["status"]].filter(isText);
}

type Fields = { readonly [key: string]: unknown };

function asRecord(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
