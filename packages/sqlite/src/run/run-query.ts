import type { RunQuery } from "@orch/core/host";
import { toColumn } from "./id-text.ts";
import { SHOWN } from "./run-rows.ts";

/** How many runs a list has unless it says so. */
const LIMIT = 100;

/** A text that is another one when this connection or another has written. */
export const CHANGES = "SELECT total_changes() || ' ' || data_version AS changes FROM pragma_data_version";

/** A list of runs as SQL: the statement, and the values of its parameters. */
export function runQuery(query: RunQuery): {
  readonly sql: string;
  readonly values: readonly (string | number)[];
} {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const where = (condition: string, ...its: readonly (string | number)[]): void => {
    conditions.push(condition);
    values.push(...its);
  };
  const { orchestration, prefix = "", status, dueBefore, updatedBefore, after, limit = LIMIT } = query;
  if (orchestration !== undefined) where("r.orchestration = ?", toColumn(orchestration));
  if (prefix !== "") {
    // An id with a character that columns do not hold is kept with escapes, and so are then its quotes before that.
    const forms = [...new Set([toColumn(prefix), JSON.stringify(prefix).slice(1, -1)])];
    const begins = forms.map(() => "substr(r.id, 1, length(?)) = ?").join(" OR ");
    where(`(${begins})`, ...forms.flatMap((form) => [form, form]));
  }
  if (status !== undefined) {
    const all = typeof status === "string" ? [status] : status;
    where(`r.status IN (${all.map(() => "?").join(", ")})`, ...all);
  }
  if (dueBefore !== undefined) where("r.due_at <= ?", dueBefore);
  if (updatedBefore !== undefined) {
    where("coalesce(j.at, r.created_at) < ?", updatedBefore);
  }
  if (after !== undefined) where("r.run < (SELECT run FROM runs WHERE id = ?)", toColumn(after));
  const condition = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return { sql: `${SHOWN}${condition} ORDER BY r.run DESC LIMIT ?`, values: [...values, limit] };
}
