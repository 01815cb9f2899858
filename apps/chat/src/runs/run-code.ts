/** The code of a run that was begun elsewhere: what its turn says of what answered it, or the orchestration of its id. */
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import { OrchestrationUnknownError } from "../errors/orchestration-unknown-error.ts";
import type { Setup } from "../setup/compose.ts";
import type { Choice } from "../setup/workshop.ts";
import type { FolderRun } from "./folder-runs.ts";

/** Which orchestration and which model the run was begun with; a model that is named for this start counts more. */
export async function choiceOf(of: FolderRun, setup: Setup, model?: string): Promise<Choice> {
  const { orchestration, model: kept = setup.choice.model } = namesOf(of);
  const name = of.answers === undefined ? await offeredName(orchestration, setup) : orchestration;
  return { orchestration: name, model: model ?? kept };
}

/** What the run says of both: of a typed run the id of its orchestration, and no model. */
export function namesOf({ run, answers }: FolderRun): {
  readonly orchestration: string;
  readonly model?: string;
} {
  if (answers === undefined) return { orchestration: run.orchestration };
  const { configuration, labels } = answers.turn;
  const { orchestration = configuration, model } = labels ?? {};
  return { orchestration, ...(model !== undefined && { model }) };
}

/**
 * Its definition, for reading what it did and for checking an answer: no model is asked, so none has to be there.
 *
 * @throws what making it throws: an orchestration that is not known here (`ORCH_ORCHESTRATION_UNKNOWN`), not trusted
 * (`ORCH_UNTRUSTED`) or does not load (`ORCH_ORCHESTRATION_FILE`).
 */
export async function definitionOf(run: FolderRun, setup: Setup): Promise<RuntimeConfiguration> {
  const { orchestration } = await choiceOf(run, setup);
  return setup.check(orchestration, setup.own.fileOf(orchestration));
}

/** The name in the folder of what has an id, as `orch serve` chooses it: one's own goes before one that comes with the program. */
async function offeredName(id: string, { own, orchestrations, check }: Setup): Promise<string> {
  const isNamed = (name: string): number => (name === id ? 0 : 1);
  const isOwn = (name: string): number => (own.fileOf(name) === undefined ? 1 : 0);
  let failure: unknown;
  for (const name of orchestrations.toSorted((a, b) => isOwn(a) - isOwn(b) || isNamed(a) - isNamed(b))) {
    try {
      const made = await check(name, own.fileOf(name));
      if ("orchestration" in made && made.orchestration.id === id) return name;
    } catch (error) {
      // It may be the one that is looked for.
      failure ??= error;
    }
  }
  throw failure ?? new OrchestrationUnknownError({ orchestration: id, known: orchestrations });
}
