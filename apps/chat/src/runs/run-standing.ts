/** Where a run stands, for who looks at it from another place. */
import type { RunDescription } from "@orch/core";
import { failureReason } from "../errors/failure-words.ts";
import type { KeptHost } from "../sessions/kept-host.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import type { FolderRun } from "./folder-runs.ts";

/**
 * `waiting`: a person has to answer. `running`: a process drives it. `left`: it has not ended, and nobody drives it. The
 * others have ended.
 */
export type Standing = "waiting" | "running" | "left" | "completed" | "failed" | "cancelled";

/** Where one run stands. */
export interface RunStanding {
  readonly standing: Standing;
  /** States of the outermost machine that are open. */
  readonly states: readonly string[];
  /** Questions that nobody has answered. */
  readonly questions: number;
  /** The kinds of signals that states wait for; absent where none does. */
  readonly signals?: readonly string[];
  /** Whether an answer is kept for whoever goes on with it. */
  readonly isAnswered?: boolean;
  /** The process that drives it. */
  readonly driver?: string;
  /** Why it failed, in a line. */
  readonly reason?: string;
}

/** Reads where a run stands; of a run that cannot be read only what the list says. */
export async function standingOf({ run, answers }: FolderRun, host: KeptHost): Promise<RunStanding> {
  const kept = host.run(run.runId);
  const { status, holder } = run;
  if (status !== "running" && status !== "waiting") {
    // The turn says it too, and the journal is not read for it.
    const reason =
      status === "failed"
        ? (answers?.turn.error ?? (await kept.result.then(() => undefined, failureReason)))
        : undefined;
    return { standing: status, states: [], questions: 0, ...(reason !== undefined && { reason }) };
  }
  const described = await kept.describe().catch(() => undefined);
  const questions = (await kept.questions().catch(() => [])).length;
  const waits = questions > 0 && status === "waiting";
  return {
    standing: waits ? "waiting" : holder === undefined ? "left" : "running",
    states: described === undefined ? [] : outermost(described),
    questions,
    ...signalsIn(described),
    ...((described?.questions.length ?? 0) > questions && { isAnswered: true }),
    ...(holder !== undefined && { driver: holder.name }),
  };
}

function signalsIn(described: RunDescription | undefined): Pick<RunStanding, "signals"> {
  const names = new Set((described?.waits ?? []).flatMap(({ signal }) => signal ?? []));
  return names.size === 0 ? {} : { signals: [...names] };
}

function outermost({ orchestration, open }: RunDescription): readonly string[] {
  const names = open.map(({ path }) => path.slice(orchestration.length + 1).replace(/[#/[].*$/, ""));
  return [...new Set(names.filter((name) => name !== ""))];
}

/** Like `waits for you in approve`. */
export function standingText(of: RunStanding): SafeText {
  const { standing, states, questions, reason, isAnswered, signals = [] } = of;
  const wanted = signals.length === 0 ? safe`` : safe`, waits for ${safeText(signals.join(", "))}`;
  const place = states.length === 0 ? wanted : safe` in ${safeText(states.join(", "))}${wanted}`;
  const asks = questions === 0 ? safe`` : safe`, ${questions} open`;
  switch (standing) {
    case "waiting":
      return safe`waits for you${place}`;
    case "running":
      return safe`running${place}${asks}`;
    case "left":
      return safe`left${place}${asks}${isAnswered === true ? safe`, answered` : safe``}`;
    case "completed":
      return safe`ended`;
    case "cancelled":
      return safe`stopped`;
    case "failed":
      return reason === undefined ? safe`failed` : safe`failed: ${safeText(reason.replaceAll(/\s+/g, " "))}`;
  }
}
