/** One call of the plain door: what the request looks like, and what answers it. The OpenAPI document is made of the same row. */
import type { JsonSchema } from "@orch/core";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { fieldsOf } from "../reply/fields.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicFile } from "../words/public-file.ts";

/** What a request brought. */
export interface JsonGiven {
  /** The parts of the path that have names. */
  readonly names: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly body: { readonly [name: string]: unknown };
}

/** A row of the table of calls. */
export interface JsonRoute {
  /** Names the call in the document, and in clients that are made of it. */
  readonly name: string;
  readonly method: "GET" | "POST";
  /** Like `/runs/{run}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: { readonly [name: string]: string };
  readonly body?: {
    readonly properties: { readonly [name: string]: JsonSchema };
    readonly required: readonly string[];
  };
  /** 204 where nothing is given. */
  readonly status: 200 | 201 | 202 | 204;
  /** What is given; absent for 204. */
  readonly gives?: JsonSchema;
  readonly answer: (call: DoorCall, given: JsonGiven) => Promise<object | undefined>;
}

/** A route that fits a path, with the parts that have names. */
export interface MatchedJsonRoute {
  readonly route: JsonRoute;
  readonly names: JsonGiven["names"];
}

/** Whether a route has this path; `undefined` where it has not. */
export function matchedRoute(route: JsonRoute, path: string): MatchedJsonRoute | undefined {
  const [wanted, given] = [route.path.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  const names: { [name: string]: string } = {};
  for (const [place, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== given[place]) return undefined;
    } else {
      const value = decoded(given[place]!);
      if (value === undefined || value === "") return undefined;
      names[name] = value;
    }
  }
  return { route, names };
}

/** A text of a body. @throws ServerRequestError for what is none. */
export function textIn(body: JsonGiven["body"], name: string): string {
  const value = body[name];
  if (typeof value === "string") return value;
  throw new ServerRequestError({ problem: `"${name}" in its body is no text` });
}

/** The files of a body; none where it names none. @throws ServerRequestError for what is none. */
export function filesIn({ files }: JsonGiven["body"]): readonly PublicFile[] {
  if (files === undefined) return [];
  const isFile = (file: unknown): file is PublicFile =>
    typeof fieldsOf(file)["mediaType"] === "string" &&
    ["data", "url", "name"].every((name) => ["string", "undefined"].includes(typeof fieldsOf(file)[name]));
  if (Array.isArray(files) && files.every(isFile)) return files;
  throw new ServerRequestError({ problem: '"files" in its body are no list of files' });
}

/** The same for what may be left out. */
export function optionalText(body: JsonGiven["body"], name: string): string | undefined {
  return body[name] === undefined ? undefined : textIn(body, name);
}

/** A whole number of a query that may be left out. @throws ServerRequestError for what is none. */
export function optionalCount(query: JsonGiven["query"], name: string): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new ServerRequestError({ problem: `"${name}" of its query is no number` });
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
