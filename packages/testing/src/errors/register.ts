import type { TestingErrorFacts } from "./error-facts.ts";

/** Every code of this package, with the paragraph that `docs/errors.md` prints. */
export const errorCodes: { readonly [code in keyof TestingErrorFacts]: string } = {
  ORCH_SCRIPT_ENDED:
    "A scripted model was called more often than its script is long. Add the replies that the run asks for, or find out why it asks so often; a function instead of a list has no end.",
  ORCH_NEVER_IDLE:
    "`clock.runAll()` fired its limit of timers (10,000 unless set), and there are still some. Something sets a timer again and again, as a poll does. Move the clock by `advance(ms)` instead, or raise the limit.",
  ORCH_FAULT:
    "A passage through a door failed because `sweep` made it fail. It is only seen in tests, as the cause of what the code under test made of it.",
  ORCH_EVAL_CASE:
    "A file or a value is no case for evals: it is not JSON, was written by another version, or lacks a part; or a run cannot become a case, because it has not ended. Make the case again.",
  ORCH_EVAL_MISS:
    'A case that is replayed asked a model or a tool something that was not recorded. Nothing is asked of a provider then. `facts.differences` show where the nearest recorded request differs. Record the case again if the change is meant, use `match: "place"` if only the words of prompts changed, or run it with `live`.',
  ORCH_EVAL_TOOL:
    "A tool failed when a case was recorded, and `recorded(tool)` fails again with the same words. It is seen by the model that called the tool, and by nobody else.",
  ORCH_SWEEP:
    "A run under `sweep` did not keep its promise: it failed with something that is no OrchError, or `check` complained. `facts` name the passage and the door that failed, and `cause` is what was thrown. Run it again with that passage alone to see it.",
};
