import type { TestingErrorFacts } from "./error-facts.ts";

/** Every code of this package, with the paragraph that `docs/errors.md` prints. */
export const errorCodes: { readonly [code in keyof TestingErrorFacts]: string } = {
  ORCH_SCRIPT_ENDED:
    "A scripted model was called more often than its script is long. Add the replies that the run asks for, or find out why it asks so often; a function instead of a list has no end.",
  ORCH_NEVER_IDLE:
    "`clock.runAll()` fired its limit of timers (10,000 unless set), and there are still some. Something sets a timer again and again, as a poll does. Move the clock by `advance(ms)` instead, or raise the limit.",
  ORCH_FAULT:
    "A passage through a door failed because `sweep` made it fail. It is only seen in tests, as the cause of what the code under test made of it.",
  ORCH_SWEEP:
    "A run under `sweep` did not keep its promise: it failed with something that is no OrchError, or `check` complained. `facts` name the passage and the door that failed, and `cause` is what was thrown. Run it again with that passage alone to see it.",
};
