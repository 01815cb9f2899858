/** Fills one text of a schema: a title, a path, a quote, or prose made of quotes. */
import { cutText } from "../../platform/cut-text.ts";
import type { JsonSchema } from "../../words/model.ts";
import { markOf } from "./evidence.ts";
import type { Filled, Scope } from "./fill-scope.ts";
import { inReadingOrder } from "./rank.ts";
import { roleOf } from "./roles.ts";

/** The most quotes in the text of one item, and in a summary of everything. */
const ITEM_QUOTES = 5;
const SUMMARY_QUOTES = 3;

/** Fills a text, within the lengths, pattern and format of its schema. */
export function fillText(schema: JsonSchema, name: string, scope: Scope): Filled {
  const found = textFor(schema, name, scope);
  const least = typeof schema["minLength"] === "number" ? schema["minLength"] : 0;
  const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Number.POSITIVE_INFINITY;
  const text = trimTo(found ?? "", most);
  const pattern = schema["pattern"];
  const keeps = typeof pattern !== "string" || matches(pattern, text);
  const backed = found !== undefined && text.length >= least && keeps;
  return backed ? { value: text, backed } : { value: leastText(schema, text, least, most), backed };
}

function textFor(schema: JsonSchema, name: string, scope: Scope): string | undefined {
  const best = scope.evidence[0];
  const role = roleOf(name);
  const format = schema["format"];
  const said = [scope.top.question, ...scope.evidence.map((one) => one.quote)].join(" ");
  if (format === "date") return /\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\b/.exec(said)?.[0];
  if (format === "uri" || (role === "url" && format === undefined))
    return /https?:\/\/[^\s"'<>)\]]+/.exec(said)?.[0];
  if (format !== undefined) return undefined;
  const title = best === undefined ? undefined : best.heading || best.path;
  switch (role) {
    case "query":
    case "queries":
      return scope.query ?? (asTopic(scope.top.question) || undefined);
    case "topic":
      return scope.query ?? (asTopic(scope.top.question) || title);
    case "title":
      return scope.item ? title : scope.top.question || title;
    case "path":
      return best?.path;
    case "citations":
      return best === undefined ? undefined : markOf(best).slice(1, -1);
    case "quote":
      return best?.quote;
    case "id":
      return scope.item ? String(scope.index + 1) : undefined;
    default:
      return prose(scope);
  }
}

/** Quotes in the order in which they are read, each with its place unless the object names the places itself. */
function prose(scope: Scope): string | undefined {
  if (scope.evidence.length === 0) return undefined;
  const chosen = inReadingOrder(scope.evidence.slice(0, scope.item ? ITEM_QUOTES : SUMMARY_QUOTES));
  return chosen.map((one) => (scope.cited ? one.quote : `${one.quote} ${markOf(one)}`)).join(" ");
}

function asTopic(question: string): string {
  return question.replace(/[\s?.!]{1,5}$/, "");
}

function trimTo(text: string, most: number): string {
  if (text.length <= most) return text;
  const space = text.lastIndexOf(" ", most);
  return cutText(text, space > most / 2 ? space : most);
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}

const LEAST_OF_FORMAT: { readonly [format: string]: string } = {
  date: "1970-01-01",
  "date-time": "1970-01-01T00:00:00Z",
  time: "00:00:00Z",
  email: "unknown@example.invalid",
  uri: "about:blank",
  duration: "PT0S",
  hostname: "localhost",
  ipv4: "0.0.0.0",
  ipv6: "::",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function leastText(schema: JsonSchema, text: string, least: number, most: number): string {
  const format = schema["format"];
  if (typeof format === "string" && Object.hasOwn(LEAST_OF_FORMAT, format)) return LEAST_OF_FORMAT[format]!;
  return text.padEnd(Math.min(least, most, 10_000), ".");
}
