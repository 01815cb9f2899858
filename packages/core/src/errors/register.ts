import type { CoreErrorFacts } from "./error-facts.ts";

/** Every error code of this package, with what `docs/errors.md` says of it. */
export const errorCodes: { readonly [code in keyof CoreErrorFacts]: string } = {
  ORCH_INVALID_DEFINITION:
    "An orchestration cannot be built. The error lists every problem at once: a runnable that cannot be reached, one with no way to a finish, two runnables with one id, an advancer after one that always matches, a runnable that neither finishes nor advances. Each line says what to change. Nothing was executed.",
  ORCH_RUNNABLE_FAILED:
    "A runnable threw, and its retry policy has no attempt left. `cause` is what it threw; `facts` hold the path, visit, attempt and input. Give the runnable a `retry` policy if the failure may pass, or add a `.catch` edge if the flow can go on without it.",
  ORCH_NO_ADVANCE:
    "Unable to advance to next state: a runnable completed, does not finish the orchestration, and every one of its advancers declined. `facts.tried` lists them. Correct a condition, add an advancer without `when` as the last one, or name the runnable in `.finish(...)`.",
  ORCH_MAX_STEPS:
    "Orchestration never completes: a machine took `maxSteps` steps (1,000 unless set) without reaching a finish. `facts.cycle` names the states it goes round. Make a condition on that way become false in the end, or raise `maxSteps` if so many steps are right.",
  ORCH_MAX_VISITS:
    "A runnable was to be entered more often than its `maxVisits` within one execution of its orchestration. `facts.from` is the state that leads to it once more. Let the condition on that way become false, lead out of the loop by another advancer, or raise `maxVisits`.",
  ORCH_MAX_ITEMS:
    "A state added an item to a fan-out that has as many items as its `maxItems` allows (1,000 unless set), those it was given included. The state that added it fails, and with it the fan-out, unless the state catches the error. Let the states that add items stop in the end, or raise `maxItems`.",
  ORCH_DEADLINE:
    "An orchestration took longer than its `deadline`. What was still open in it was aborted. Raise the deadline, give slow runnables a `timeout`, or take the failure with a `.catch` edge in the orchestration around it.",
  ORCH_BUDGET:
    "An orchestration spent more tokens or money than its `budget` allows, as counted by `ctx.spend`. What was still open in it was aborted, so no further model call begins. `facts` hold what was spent.",
  ORCH_HALTED:
    "A branch of a fan-out met an error that no further attempt can change: a `FatalError`, a model without quota or with a wrong key, a budget that is spent. Nothing more was started in the fan-out, also under `settled`, and the branches that ran had their time to end. `facts` are the census: `done`, `failed` and `open` count the branches, and `failedPaths` and `openPaths` name the first of them; `cause` is the error. Mend the cause and call `host.retry`: it runs the failed and the open branches, and keeps those that are done. Where such an error concerns one branch alone, the option `terminal` of the fan-out says so.",
  ORCH_DEADLOCK:
    "States wait for one another in a circle, and nothing outside can end it: a state has a place of a runnable's `concurrency` and waits for a run, and something in that run needs a place of the same runnable. `facts.circle` lists the activations, each with what it waits for. A state gives its place back while it waits for what it began through its context, so call the inner orchestration as `flow.invoke(input, ctx)` or `flow.run(input, { signal: ctx.signal })`.",
  ORCH_RACE_LOST:
    "So many branches of a `race` failed that too few are left to give the values it waits for. `facts.failures` hold what they failed with, and `cause` is the last failure. Another attempt is made as the retry policy around it says, unless so many failures are final that the race would be lost again.",
  ORCH_STATE_CONFLICT:
    "Two branches of one fan-out set the same value of shared state. Side by side neither is the later one, so the result would be left to chance. Give the value a `reduce` and use `add`, or let only one branch write it.",
  ORCH_INVALID_STATE:
    "A runnable wrote a value to shared state that the value's schema refuses. `facts.issues` say where. It counts as a failed attempt of that runnable.",
  ORCH_CONVERSION:
    "Cannot convert output type to input type: the `convert` of an edge threw. `cause` is what it threw. A conversion has to hold for every output that the edge's condition lets through; what can fail belongs in a runnable. The `.catch` edges of the state that the edge leaves may take it; of an edge that is a `.catch` edge itself, `facts.failure` is the failure it was asked about.",
  ORCH_CONDITION:
    "The condition of an edge, or `getNextRunnable` of an advancer class, threw. Conditions are synchronous and pure; what can fail belongs in a runnable whose output the condition reads. The `.catch` edges of the state that the edge leaves may take it; of a `.catch` edge, `facts.failure` is the failure it was asked about.",
  ORCH_RETRY_CONDITION:
    "The `when` of a retry policy threw when it was asked whether a failure is worth another attempt. There is none. `cause` is that failure, and `facts.thrown` what the condition threw. It is given whatever was thrown, so look before you read a field.",
  ORCH_UNDECLARED_TARGET:
    "`getNextRunnable` of an advancer class gave a runnable that is not in its `targets`. Targets are declared so that the graph can be drawn, checked and resumed. Add the runnable there, and return that same object. A state that is made on the way has its class among the targets, with a `static readonly id`, or the `blueprint` that made it.",
  ORCH_INVALID_INPUT:
    "A runnable with an `input` schema was given a value that does not fit. `facts.issues` say where. It is not tried again, because the same input would fail again.",
  ORCH_INVALID_OUTPUT:
    "A runnable with an `output` schema gave a value that does not fit. `facts.issues` say where. It counts as a failed attempt, so a `retry` policy applies.",
  ORCH_TIMEOUT:
    "One attempt of a runnable took longer than its `timeout`. Its signal was aborted. A `retry` policy applies.",
  ORCH_TOO_LATE:
    "A runnable used its context after its attempt or its activation had ended: `ctx.once`, `ctx.ask`, `ctx.emit`, `ctx.spend` or a write to shared state. The call had no effect. It is work that the runnable began and did not wait for; await it, and stop timers and streams when `ctx.signal` aborts.",
  ORCH_CANCELLED:
    "A run was cancelled by `run.cancel(reason)` or by the signal it was started with. Work that ignores its signal is given a grace time, and what it gives later is dropped.",
  ORCH_UNKNOWN_QUESTION:
    "An answer came for a question that the run has not asked: its id is wrong, or this version of the definition has no such question. `facts.open` lists the questions that can be answered now.",
  ORCH_ALREADY_ANSWERED:
    "An answer came for a question that has been answered, perhaps by another process. The first answer counts, and the later one changes nothing.",
  ORCH_QUESTION_CLOSED:
    "An answer came for a question that something else had closed. `facts.by` names what was faster: the question's own `timeout`, a `race` that another branch won, a `deadline` or a `budget` around it, a `failure` beside it, the run that was `cancelled`, or the state that asked and `ended`. Exactly one of them counts, and `answer` resolves only when the answer does.",
  ORCH_UNUSED_ANSWER:
    "An answer was given for a question that this version of the definition does not ask: its state became a plain one. `host.answer` refuses such an answer. When the answer was kept already, `host.resume` with this version refuses to go on, because an accepted answer counts. Resume the run with a version that asks the question, or cancel it.",
  ORCH_RUN_ENDED:
    "`host.cancel` found that the run had ended otherwise, or a signal came for a run that has ended: `facts.status` says how. Cancelling and ending compete, exactly one of them counts, and the end of a run is final.",
  ORCH_INVALID_ANSWER:
    "An answer does not fit the question's schema. `facts.issues` say where. The question stays open, so answer again. Where a fork gives the answer, no run was started: fork again.",
  ORCH_UNKNOWN_SIGNAL:
    "A signal was sent of a kind that no state of the run's orchestration waits for: its name is wrong, or another version of the definition has it. `facts.known` lists the kinds that there are. The run has not received it.",
  ORCH_INVALID_SIGNAL:
    "The value of a signal does not fit the schema of its kind. `facts.issues` say where. The run has not received it, so send it again with a value that fits.",
  ORCH_MAILBOX_FULL:
    "A run keeps signals that come before a state waits for them, at most `limit` of each kind (1,000 unless the kind says otherwise), and so many are kept. This one was not received. Send it again when a state has taken some, or give the kind a higher `limit`.",
  ORCH_UNMET_CONDITION:
    "A state waits (`until`) for a condition over shared state, and nothing else goes on in the run that could write it: no state works, no question and no signal is waited for, no timer is set. It would have waited for ever. Let a branch beside it write what it waits for, or give it a `timeout` or a `signal`.",
  ORCH_UNATTENDED:
    "A flow that was started with `run()`, without a host, asked a question or waited for a signal, and nothing else went on. `run()` gives the output alone, so nobody could have answered or sent it, and it would have waited for ever. Start it with `start()`, which gives a run that can be answered and signalled, or on a host. A question or a wait with a `timeout`, and a run with a `signal` or a `deadline`, wait for those.",
  ORCH_NOT_SERIALIZABLE:
    "A run on a durable host met a value that plain JSON cannot hold: a Date, a Map, a class instance, a function, NaN, `undefined` in an array, a circle. `facts.place` is the way to it inside the value. It is refused on the first run, so that a resumed run never sees a different value. Turn it into plain data, or give the host a `codec`.",
  ORCH_SUSPENDED:
    "`run.suspend()` or `host.close()` let go of a run in the middle. Nothing of it is lost: resume it with `host.resume(orchestration, runId)`.",
  ORCH_FENCED:
    "Another process took a run over, because this one did not renew its claim in time (it was stopped, or blocked for longer than the lease). This one stopped at once and wrote nothing more; the other goes on.",
  ORCH_NOT_WRITTEN:
    "A run was stopped because its store could not write: the disk is full, the file is gone, the database is locked, or the host was closed first. `cause` says which. The run is kept up to its last record; mend the cause and resume it.",
  ORCH_RUN_EXISTS:
    'A run was to be started, or forked, under an id that another run has. Pass `ifExists: "resume"` to take that run up or to have its end, or choose another id. `run.accepted` rejects with this error before the run would have ended, so that a server can answer 409. Nothing was changed.',
  ORCH_UNKNOWN_EVENT:
    "A listener was to be added for an event that does not exist, so it would never be called. `facts.nearest` is the event that was probably meant; docs/events.md has the table of all events.",
  ORCH_UNKNOWN_RUN:
    "There is no run of this id on the host. Take ids from `host.list()`, and check that the host reads the place the run was started on.",
  ORCH_RUN_HELD:
    "A run is driven by another process, which `facts.holder` names, and only one may drive it. Let it go on or end it: the claim of a process that is gone passes on at once. Answers and reads need no claim.",
  ORCH_RUN_STATE:
    "A call does not fit the state the run is in: a retry of a run that has not failed, or a fork at a state that never began, or after one that has not ended. `facts.status` says where the run is.",
  ORCH_VERSION_MISMATCH:
    "The journal of a run does not fit the present definition: `facts.record` is the first record that fits nothing that is open there. The definition has changed since the run was started, or a factory of `choose` is not a pure function of its input. Resume with the old code, give the orchestration a `migrate` function, or start anew. Nothing was changed.",
  ORCH_JOURNAL_DAMAGED:
    "A record of a run's journal cannot be read. `facts.record` is its number. Nothing was changed or guessed; restore the store from a copy, or fork the run before that record.",
  ORCH_NOT_KEPT:
    "`run.suspend()` was called on a run that lives in the memory of this process only. Start it on a durable host (`host` in the options), from where it can be resumed, or cancel it.",
  ORCH_FATAL:
    "A runnable threw a `FatalError`: no further attempt can help. The message is its author's sentence alone; the way out stands in `fix`. An error around it that says `retryable: true` is tried again.",
  ORCH_OPTION:
    "An option of a run or a host has a value that means nothing, which the compiler would have told: `facts` say which option, what was given and what is allowed. Nothing was started.",
  ORCH_JSON:
    "A text from outside (a model, a file, a database) could not be read as JSON: `facts.reason` is `syntax`, `too-long`, `too-deep` or `forbidden-key`.",
};
