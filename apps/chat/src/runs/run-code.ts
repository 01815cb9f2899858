/** The code of a run that was begun elsewhere: what its turn says of what answered it. */
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { Setup } from "../setup/compose.ts";
import type { Choice } from "../setup/workshop.ts";
import type { FolderRun } from "./folder-runs.ts";

/** Which orchestration and which model the run was begun with; a model that is named for this start counts more. */
export function choiceOf({ turn }: FolderRun, setup: Setup, model?: string): Choice {
  const { orchestration = turn.configuration, model: kept = setup.choice.model } = turn.labels ?? {};
  return { orchestration, model: model ?? kept };
}

/**
 * Its definition, for reading what it did and for checking an answer: no model is asked, so none has to be there.
 *
 * @throws what making it throws: an orchestration that is not known here (`ORCH_ORCHESTRATION_UNKNOWN`), not trusted
 * (`ORCH_UNTRUSTED`) or does not load (`ORCH_ORCHESTRATION_FILE`).
 */
export function definitionOf(run: FolderRun, setup: Setup): Promise<RuntimeConfiguration> {
  const { orchestration } = choiceOf(run, setup);
  return setup.check(orchestration, setup.own.fileOf(orchestration));
}
