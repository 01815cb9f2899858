import { UnknownQuestionError } from "../errors/unknown-question-error.ts";
import type { Ended } from "../kernel/activation.ts";
import type { RunState } from "../kernel/transition.ts";
import { describeRun } from "../run/describe.ts";
import type { History, RunHandle } from "../run/host.ts";

/** A run that had ended when it was taken up. */
export function endedRun(runId: string, run: RunState, ended: Ended, history: History): RunHandle {
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
