/** Runs a target once with real models and tools, and makes a case of what happened. */
import type { JsonObject, Model, ModelEvent, Tool } from "@orch/agents";
import { record, withoutKeys } from "@orch/agents/wrappers";
import { type Clock, type Json, parseJson } from "@orch/core";
import { EvalCaseError } from "../errors/eval-case-error.ts";
import type { EvalCall, EvalCase, EvalModel, EvalToolCall } from "./eval-case.ts";
import { DEFAULT_MODEL, type EvalTarget, orchestrationOf } from "./eval-target.ts";
import { plainValue } from "./plain-value.ts";
import { writingTool } from "./tool-book.ts";
import { type EvalAnswerer, runTrial } from "./trial-run.ts";

/** How a case is recorded. */
export interface RecordCaseOptions {
  readonly target: EvalTarget;
  /** The model, or several by the names that the target gives them. They are called, and cost what they cost. */
  readonly models: Model | { readonly [name: string]: Model };
  /** Answers the questions of the run. */
  readonly answer?: EvalAnswerer;
  /** Texts that must not be written, such as the key in use; what looks like a key is never written anyway. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Runs a target once, for real, and gives the case: write it with `writeCase` and read it before you commit it. What the run did is
 * what is expected from then on, so edit `expected` where it was not right.
 *
 * @throws EvalCaseError (`ORCH_EVAL_CASE`) when the run asked something that nobody answered.
 */
export async function recordCase(
  name: string,
  input: unknown,
  options: RecordCaseOptions,
): Promise<EvalCase> {
  const { target, models, answer = () => undefined, secrets = [], signal, clock } = options;
  const taken = new CallRecorder(models, secrets);
  const tools: EvalToolCall[] = [];
  const made = orchestrationOf(
    target({ model: (which) => taken.model(which), recorded: (tool: Tool) => writingTool(tool, tools) }),
  );
  const { reader, outcome, unanswered } = await runTrial(made, input, { answer, signal, clock });
  if (unanswered.length > 0) {
    throw new EvalCaseError({
      name,
      problem: `nobody answered ${unanswered.map((id) => `"${id}"`).join(", ")}`,
    });
  }
  const given = plainValue(input);
  const written: EvalCase = {
    version: 1,
    name,
    orchestration: made.id,
    ...(given !== undefined && { input: given }),
    answers: [...reader.questions.values()].flatMap(({ question, answer: said }) =>
      said === undefined ? [] : [{ question, answer: said }],
    ),
    expected: outcome,
    models: taken.models,
    calls: taken.calls,
    tools,
  };
  return withoutKeys(written, secrets) as unknown as EvalCase;
}

/** Writes down the calls of models, each with the state that made it. */
class CallRecorder {
  readonly calls: EvalCall[] = [];
  readonly models: { [name: string]: EvalModel } = {};
  readonly #given: RecordCaseOptions["models"];
  readonly #secrets: readonly string[];

  constructor(given: RecordCaseOptions["models"], secrets: readonly string[]) {
    this.#given = given;
    this.#secrets = secrets;
  }

  model(name = DEFAULT_MODEL): Model {
    const model = modelNamed(this.#given, name);
    if (model === undefined) {
      throw new EvalCaseError({ name, problem: "the target asks for a model that `models` does not name" });
    }
    this.models[name] = { id: model.id, caps: model.caps };
    return { ...this.#at(model, ""), inState: (path) => this.#at(model.inState?.(path) ?? model, path) };
  }

  #at(model: Model, state: string): Model {
    return record(model, (line) => this.#take(line, state), { secrets: this.#secrets });
  }

  /** A line of a recording; the first one of each model is its head. */
  #take(line: string, state: string): void {
    for (const text of line.split("\n")) {
      const entry = text === "" ? null : (parseJson(text, { maxDepth: 256 }) as Json as JsonObject);
      if (entry?.["type"] !== "call") continue;
      const events = entry["events"] as unknown as readonly ModelEvent[];
      const finish = events.findLast((event) => event.type === "finish");
      if (finish?.type !== "finish") continue;
      const { message, usage } = finish;
      this.calls.push({ state, request: entry["request"] as JsonObject, message, usage });
    }
  }
}

/** The model of a name. One model alone stands for every name. */
export function modelNamed(models: RecordCaseOptions["models"], name: string): Model | undefined {
  if (typeof models.stream === "function") return models as Model;
  const named = models as { readonly [name: string]: Model };
  return Object.hasOwn(named, name) ? named[name] : undefined;
}
