/** Every error code of this package, with what `docs/errors.md` says of it. */
export const errorCodes: { readonly [code: string]: string } = {
  ORCH_INVALID_DEFINITION:
    "An orchestration cannot be built. The error lists every problem at once: a runnable that cannot be reached, one with no way to a finish, two runnables with one id, an advancer after one that always matches, a runnable that neither finishes nor advances. Each line says what to change. Nothing was executed.",
  ORCH_RUNNABLE_FAILED:
    "A runnable threw, and its retry policy has no attempt left. `cause` is what it threw; `facts` hold the path, visit, attempt and input. Give the runnable a `retry` policy if the failure may pass, or add a `.catch` edge if the flow can go on without it.",
  ORCH_NO_ADVANCE:
    "Unable to advance to next state: a runnable completed, does not finish the orchestration, and every one of its advancers declined. `facts.tried` lists them. Correct a condition, add an advancer without `when` as the last one, or name the runnable in `.finish(...)`.",
  ORCH_MAX_STEPS:
    "Orchestration never completes: a machine took `maxSteps` steps (1,000 unless set) without reaching a finish. `facts.cycle` names the states it goes round. Make a condition on that way become false in the end, or raise `maxSteps` if so many steps are right.",
  ORCH_CONVERSION:
    "Cannot convert output type to input type: the `convert` of an edge threw. `cause` is what it threw. A conversion has to hold for every output that the edge's condition lets through; what can fail belongs in a runnable.",
  ORCH_CONDITION:
    "The condition of an edge, or `getNextRunnable` of an advancer class, threw. Conditions are synchronous and pure; what can fail belongs in a runnable whose output the condition reads.",
  ORCH_UNDECLARED_TARGET:
    "`getNextRunnable` of an advancer class gave a runnable that is not in its `targets`. Targets are declared so that the graph can be drawn, checked and resumed. Add the runnable there, and return that same object, not a new one.",
  ORCH_INVALID_INPUT:
    "A runnable with an `input` schema was given a value that does not fit. `facts.issues` say where. It is not tried again, because the same input would fail again.",
  ORCH_INVALID_OUTPUT:
    "A runnable with an `output` schema gave a value that does not fit. `facts.issues` say where. It counts as a failed attempt, so a `retry` policy applies.",
  ORCH_TIMEOUT:
    "One attempt of a runnable took longer than its `timeout`. Its signal was aborted. A `retry` policy applies.",
  ORCH_CANCELLED:
    "A run was cancelled by `run.cancel(reason)` or by the signal it was started with. Work that ignores its signal is given a grace time, and what it gives later is dropped.",
  ORCH_FATAL: "A runnable threw a `FatalError`: no further attempt can help. The sentence is its author's.",
  ORCH_JSON:
    "A text from outside (a model, a file, a database) could not be read as JSON: `facts.reason` is `syntax`, `too-long`, `too-deep` or `forbidden-key`.",
};
