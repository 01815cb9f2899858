import type { ChatErrorFacts } from "./error-facts.ts";

/** Every error code of this package, with what `docs/errors.md` says of it. */
export const errorCodes: { readonly [code in keyof ChatErrorFacts]: string } = {
  ORCH_TURN_ANSWERED:
    "`retry()` or `drop()` of a chat runtime was called while the last turn of its session has an answer, or before the session was open. `runtime.apart` is the turn that they are about; send a message when there is none. Nothing was changed.",
  ORCH_TURN_BUSY:
    "A message was sent while the runtime was still answering the one before. Await the reply, or call `cancel()` first. Nothing of the second message was kept.",
  ORCH_TURN_CANCELLED:
    "A turn was cancelled by `cancel(reason)` or by `close()`. What the user wrote and what was answered until then is kept in the session, which stays usable: send the next message.",
  ORCH_TURN_FAILED:
    "A runtime configuration threw something that is not one of Orch's errors, or its answer could not be kept. `cause` is what was thrown. The turn is kept as failed, and the session stays usable.",
  ORCH_TURN_REPLY:
    "A runtime configuration answered without an assistant message. Its `invoke` has to give `{ message }` with a message of the role `assistant`; where `messages` is given too, that message is its last one.",
  ORCH_TURN_QUESTION:
    "An answer was given to a turn that asks nothing: no turn is on its way, it has ended, or what answers it runs no orchestration. Answer while the turn runs, with the id from its event `question.asked`.",
  ORCH_TURN_SUSPENDED:
    "A turn was left in the middle by `suspend()`. Its run stays where it stood on a host that keeps runs, and its session has what was said. `retry()` of a runtime with the same session and host goes on with it.",
  ORCH_CONVERSATION_MISSING:
    "A run that answers a message refers to its conversation, which stands in its session and not in its journal. It was taken up by the host alone, for one by `host.resume` or `host.resumeAll`. Make a `ChatRuntime` with the session and the host, and call `retry()`.",
  ORCH_TURN_UNANSWERED:
    "The run underneath a message that was given to `invoke` waits for an answer, and nobody listens for `question.asked`, so its turn was cancelled instead of waiting. Agents ask when a tool with `approve` is called, or a deferred one. Listen and answer by `runtime.answer`, read the turn that `send` gives, or give the agent's runtime configuration an `onApproval`.",
  ORCH_PROVIDERS_FAILED:
    "A configuration under `providerSwitch` failed, and so did each one it switched to. `facts.tried` has the error code of each, the first being the one that was wrapped; `cause` is the last error. Look at keys and quotas of all of them.",
  ORCH_RATE_LIMITED:
    "A message came over the limit of `rateLimit` with `full: 'refuse'`. `facts.retryAfterMs` is how many milliseconds pass until one more is let in. The turn is kept as failed and `retry()` sends it again; `full: 'wait'` waits instead.",
  ORCH_ROUTE_UNKNOWN:
    "`choose` of `routedRuntime` named a route that does not exist. `facts.routes` lists those that do. Return one of them, or nothing for the fallback.",
  ORCH_RUNTIME_SETUP:
    "A runtime configuration cannot be made as it was asked for: it has no agents, two of one name, or a start or fallback that is not among them. `facts.problem` says which.",
  ORCH_RUNTIME_CLOSED:
    "A message was sent to a chat runtime after `close()`. Make a new `ChatRuntime` with the same store and session id: the conversation is all there.",
  ORCH_SESSION_HELD:
    "A session was opened for writing while another process, or another runtime of this one, writes to it. `facts.holder` names it. Close it there, read the session with `load`, or open a session with another id. The hold of a process that has ended is taken over by itself.",
  ORCH_SESSION_NOT_HELD:
    "A turn was to be kept in a session that this store does not hold: it was never opened, was released or removed, or another process took it over. Open it again; nothing was written.",
  ORCH_SESSION_UNKNOWN: "A session was named that the store does not have. `list()` gives those it has.",
  ORCH_SESSION_EXISTS:
    "A session was to be imported under an id that has turns already. Import it under another id; nothing was written.",
  ORCH_SESSION_IMPORT:
    "A text that should be an exported session is not one, or is not all of one. `facts.line` is the line, from 1. Nothing was imported, because a shortened conversation is worse than none.",
};
