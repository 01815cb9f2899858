import type { Ended } from "../activation.ts";
import { describeRun } from "../describe.ts";
import type { Driven, History } from "../drive.ts";
import { UnknownQuestionError } from "../errors/question-errors.ts";
import type { RunState } from "../transition.ts";

/** A run that had ended when it was taken up. */
export function endedRun(runId: string, run: RunState, ended: Ended, history: History): Driven {
  return {
    id: runId,
    start: (ending) => ending.ended(ended),
    cancel: () => {},
    answer: async (question) => {
      throw new UnknownQuestionError({ runId, question, open: [] });
    },
    questions: () => [],
    isWaiting: () => false,
    describe: (status) => describeRun(runId, run, status, []),
    suspend: async () => {},
    history,
  };
}
