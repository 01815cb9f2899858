/** The form of a question as a client is asked to show it, and the way back. */
import type {
  ElicitationContentValue,
  ElicitationPropertySchema,
  ElicitationSchema,
} from "@agentclientprotocol/sdk";
import { answerOf, type Field, type Form, isWhole, type Option } from "../questions/form.ts";
import { fitting, readField } from "../questions/reading.ts";

/** What a client sends back. */
export type FormContent = { readonly [field: string]: ElicitationContentValue };

/** The schema of a form: one plain value for each field. */
export function formSchema({ fields }: Form): ElicitationSchema {
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.label, propertyOf(field)])),
    required: fields.filter(({ optional }) => !optional).map(({ label }) => label),
  };
}

function propertyOf({ kind, about, label }: Field): ElicitationPropertySchema {
  const words = { title: label, ...(about !== undefined && { description: about }) };
  switch (kind.type) {
    case "choice":
      if (isYesOrNo(kind.options)) return { type: "boolean", ...words };
      return { type: "string", ...words, enum: kind.options.map((option) => option.label) };
    case "number": {
      const { least, most } = kind;
      const limits = {
        ...(Number.isFinite(least) && { minimum: least }),
        ...(Number.isFinite(most) && { maximum: most }),
      };
      return { type: kind.whole ? "integer" : "number", ...words, ...limits };
    }
    case "text": {
      const limits = {
        ...(kind.least > 0 && { minLength: kind.least }),
        ...(Number.isFinite(kind.most) && { maxLength: kind.most }),
      };
      return { type: "string", ...words, ...limits };
    }
    case "list":
    case "json": {
      const example = kind.type === "json" ? `, like ${JSON.stringify(kind.example)}` : "";
      const description = [about, `${fitting(kind)}${example}`]
        .filter((part) => part !== undefined)
        .join("; ");
      return { type: "string", ...words, description };
    }
    case "open":
      return { type: "string", ...words };
  }
}

/** What a filled form means, the likeliest first, or what is wrong with it in words. */
export function valuesOf(
  form: Form,
  content: FormContent,
): { readonly values: readonly unknown[] } | { readonly problem: string } {
  const read = form.fields.map((field) =>
    readValue(field, Object.hasOwn(content, field.label) ? content[field.label] : undefined),
  );
  const wrong = read.find((one) => one !== undefined && "problem" in one);
  if (wrong !== undefined && "problem" in wrong) return wrong;
  const values = read as readonly (ReadValue | undefined)[];
  if (isWhole(form)) return { values: [values[0]?.value, ...(values[0]?.others ?? [])] };
  return { values: [answerOf(form, values)] };
}

interface ReadValue {
  readonly value: unknown;
  readonly others?: readonly unknown[];
}

function readValue(
  field: Field,
  given: ElicitationContentValue | undefined,
): ReadValue | { readonly problem: string } | undefined {
  const { kind } = field;
  if (kind.type === "choice" && isYesOrNo(kind.options) && typeof given === "boolean")
    return { value: given };
  if (kind.type === "number" && typeof given === "number") return { value: given };
  const read = readField(field, given === undefined || given === null ? "" : String(given));
  return "skipped" in read ? undefined : read;
}

function isYesOrNo(options: readonly Option[]): boolean {
  return options.length === 2 && options.every(({ value }) => typeof value === "boolean");
}
