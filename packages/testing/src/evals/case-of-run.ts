/** Makes a case of a run that happened: of a store, of a host, or of a file that the chat exported. */
import type { Model, Origin } from "@orch/agents";
import type { Json, OrchestrationEvent } from "@orch/core";
import type { JournalRecord } from "@orch/core/host";
import { EvalCaseError } from "../errors/eval-case-error.ts";
import type { EvalCase, EvalModel } from "./eval-case.ts";
import { DEFAULT_MODEL } from "./eval-target.ts";
import { JournalReader } from "./journal-reader.ts";
import { objectIn } from "./object-in.ts";
import { OutcomeReader } from "./outcome-reader.ts";

/** A run of the past. */
export interface RecordedRunSource {
  /** Its kept events: `host.run(id).events()`. */
  readonly events: AsyncIterable<OrchestrationEvent> | Iterable<OrchestrationEvent>;
  /**
   * Its journal: `store.load(id)`. Agents keep there what their models and tools gave; without it the case has no answers, and runs
   * with `live` only.
   */
  readonly records?: readonly JournalRecord[];
  /** What the models can do, by the names that the target gives them; a journal does not tell. Default: everything, for `default`. */
  readonly models?: { readonly [name: string]: EvalModel };
}

const CAPS: Model["caps"] = {
  generative: true,
  tools: true,
  parallelTools: true,
  output: "native",
  outputWithTools: true,
  images: true,
  files: true,
  reasoning: true,
};

/**
 * Makes a case of a run that has ended.
 *
 * @param run Where it is kept; or the text of a file of JSON that the view of a run exported. A file of before 29 November 2026 has no
 * answers of models: its case runs with `live`, or without agents.
 *
 * @example
 * ```ts
 * const store = sqliteStore("runs.db");
 * const host = new DurableHost(store);
 * const made = await caseOfRun("refund", { events: host.run("r1").events(), records: await store.load("r1") });
 * await writeCase("evals/refund.json", made);
 * ```
 * @throws EvalCaseError (`ORCH_EVAL_CASE`) when the run has not ended, because then nobody knows what to expect, or the text is no run.
 */
export async function caseOfRun(name: string, run: RecordedRunSource | string): Promise<EvalCase> {
  const source = typeof run === "string" ? exported(run, name) : run;
  const reader = new OutcomeReader();
  for await (const event of source.events) reader.take(event);
  const { calls, tools, used } = new JournalReader(source.records ?? []);
  if (reader.tools.length === 0) reader.tools.push(...used);
  const { outcome, orchestration, input, questions } = reader;
  if (outcome.status === "waiting") {
    throw new EvalCaseError({ name, problem: "the run has not ended, or these are not all of its events" });
  }
  const id: Origin = calls[0]?.message.origin ?? { provider: "unknown", api: "unknown", model: "unknown" };
  return {
    version: 1,
    name,
    orchestration,
    ...(input !== undefined && { input }),
    answers: [...questions.values()].flatMap(({ question, answer }) =>
      answer === undefined ? [] : [{ question, answer }],
    ),
    expected: outcome,
    models: source.models ?? { [DEFAULT_MODEL]: { id, caps: CAPS } },
    calls,
    tools,
  };
}

function exported(text: string, name: string): RecordedRunSource {
  const { events, records } = objectIn(text, name);
  if (!Array.isArray(events)) throw new EvalCaseError({ name, problem: "it has no events of a run" });
  return {
    events: events as unknown as readonly OrchestrationEvent[],
    ...(Array.isArray(records) && {
      records: records.filter(isRecord) as unknown as readonly JournalRecord[],
    }),
  };
}

/** A record of another form tells nothing. */
function isRecord(value: Json): boolean {
  const { type, path } = Object(value) as { readonly type?: unknown; readonly path?: unknown };
  return typeof type === "string" && typeof path === "string";
}
