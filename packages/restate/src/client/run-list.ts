/** Lists of runs, which the admin API reads from the state of their virtual objects. */
import { parseJson } from "@orch/core";
import { refusedOption } from "../errors/refused-option.ts";
import { type KeptRunCard, shownCard } from "../words/kept-run-card.ts";
import type { RunCard } from "../words/run-card.ts";
import type { ServiceNames } from "../words/service-names.ts";
import { answeredValue, type CallDoors, callServer } from "./http-call.ts";

/** Which runs a list has. */
export interface RestateRunQuery {
  readonly orchestration?: string;
  /** Only runs whose ids begin with this. */
  readonly prefix?: string;
  readonly status?: RunCard["status"] | readonly RunCard["status"][];
  /** Default 100. */
  readonly limit?: number;
  /** Only runs that stand after this one in a list of all runs: the last run of a page leads to the next. */
  readonly after?: string;
}

/** What a list is read by. */
export interface RunListParts {
  /** The address of the admin API; `undefined` where the host was not given one. */
  readonly admin: string | undefined;
  readonly names: ServiceNames;
  readonly calls: CallDoors;
}

/**
 * Runs, newest first. `after` is the card of the run that `query.after` names.
 *
 * @throws OrchError `ORCH_OPTION` without the address of the admin API; what a call throws.
 */
export async function listRuns(
  query: Omit<RestateRunQuery, "after">,
  after: RunCard | undefined,
  { admin, names, calls }: RunListParts,
): Promise<readonly RunCard[]> {
  if (admin === undefined) {
    throw refusedOption("admin", "undefined", "the address of the server's admin API, which lists need");
  }
  const rows = await queryServer<{ readonly card: string }>(admin, sqlOf(query, after, names), calls);
  return rows.map(({ card }) => shownCard(parseJson(card) as unknown as KeptRunCard));
}

/** Asks the admin API by a query. */
export async function queryServer<TRow>(
  admin: string,
  query: string,
  calls: CallDoors,
): Promise<readonly TRow[]> {
  const call = { url: `${admin}/query`, body: { query } };
  const answer = answeredValue(await callServer(call, calls), call.url) as unknown as {
    readonly rows: readonly TRow[];
  };
  return answer.rows;
}

/**
 * The cards of the runs. A card is JSON whose text begins with the time at which its run was created, so its order as a
 * text is the order of the list, and the server sorts and cuts it.
 */
export function sqlOf(
  { orchestration, prefix, status, limit = 100 }: Omit<RestateRunQuery, "after">,
  after: RunCard | undefined,
  names: ServiceNames,
): string {
  const states = status === undefined ? [] : [status].flat();
  const field = (name: string, value: string): string =>
    `strpos(value_utf8, ${quoted(`${JSON.stringify(name)}:${JSON.stringify(value)}`)}) > 0`;
  const conditions = [
    `service_name = ${quoted(names.run)}`,
    `key = 'card'`,
    ...(prefix === undefined ? [] : [`starts_with(service_key, ${quoted(prefix)})`]),
    ...(orchestration === undefined ? [] : [field("orchestration", orchestration)]),
    ...(states.length === 0 ? [] : [`(${states.map((one) => field("status", one)).join(" or ")})`]),
    ...(after === undefined ? [] : [`value_utf8 < ${quoted(beginOf(after))}`]),
  ];
  const where = conditions.join(" and ");
  return `select value_utf8 as card from state where ${where} order by value_utf8 desc limit ${Math.trunc(limit)}`;
}

/** The beginning of a card's text, which no other card shares. */
function beginOf({ createdAt, runId }: RunCard): string {
  return JSON.stringify({ createdAt, runId }).slice(0, -1);
}

/** A text of a query. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
