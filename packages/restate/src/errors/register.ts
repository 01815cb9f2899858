import type { RestateErrorFacts } from "./error-facts.ts";

/** Every error code of this package, with what `docs/errors.md` says of it. */
export const errorCodes: { readonly [code in keyof RestateErrorFacts]: string } = {
  ORCH_RESTATE_UNREACHABLE:
    "Nothing answers at the address of the Restate server, or the connection broke and could not be made again. `facts.url` is the address, `facts.problem` what the system says. Check that the server runs and that `ingress` and `admin` of `restateHost` are its addresses. A run that is under way is not harmed: its workers and the server go on without this client.",
  ORCH_RESTATE_SILENT:
    "No worker answered a call within `facts.timeout` milliseconds. `facts.kept` says whether the server has a call that does something, like an answer to a question: `yes`: it is not lost, a worker takes it as soon as one is there, and sending it again would be a second one; `no`: nothing was changed; `unknown`: the server could not be asked. A run is driven at the address where it was begun. Start a worker there; where the workers have moved, register the new ones and call `host.resume(orchestration, runId)` of a host with the option `admin`, which has the run go on at the newest deployment.",
  ORCH_RESTATE_NOT_REGISTERED:
    "The Restate server knows no deployment that has the services of Orch. Start a worker with `restateWorker` and register it: `worker.register(admin)`. `facts.service` is the missing service; a `prefix` has to be the same in hosts and workers.",
  ORCH_RESTATE_DEFINITION:
    "A run was to be started and the workers of the newest deployment do not have its definition: not this version, or not of this structure. `facts.known` lists the versions that they have. Nothing was started. Give the orchestration to `restateWorker({ flows })` and register the worker. A run that was started before waits until there is such a worker, and is `paused` meanwhile.",
  ORCH_RESTATE_PAYLOAD:
    "A value is larger than one entry of the engine's journal may be (`facts.limit` bytes; `maxPayload` of `restateHost` and `restateWorker`). `facts.what` names it. Keep large values elsewhere, a bucket or a table, and hand on their addresses. The run did not get the value; a state that left it has failed and is not tried again.",
  ORCH_RESTATE_PLATFORM:
    "A worker cannot run here: Node is older than 22, or `@restatedev/restate-sdk` is not installed or not of a version that fits. `facts.problem` says which. Nothing was started.",
  ORCH_RESTATE_REFUSED:
    "The Restate server refused a call, or a worker failed in it. `facts.status` is the HTTP status, `facts.problem` the words of the server.",
};
