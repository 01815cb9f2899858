import type { ServerErrorFacts } from "./error-facts.ts";

/** Every error code of this package, with what `docs/errors.md` says of it. */
export const errorCodes: { readonly [code in keyof ServerErrorFacts]: string } = {
  ORCH_SERVER_BODY:
    "The body of a request has more bytes than `limits.body` of the server (HTTP 413). Nothing of it was used. Send a smaller one, or raise the limit.",
  ORCH_SERVER_CLOSING:
    "A request came while the server stops (HTTP 503). Nothing was started. Send it again after `facts.retryAfter` milliseconds, to the server that takes its place; runs and turns of before go on there.",
  ORCH_SERVER_FAILED:
    "A request could not be answered, for a reason that is not the client's (HTTP 500). The client is told no more; `onError` of `createServer` is given the request's line and the cause.",
  ORCH_SERVER_FILE:
    "A message has a file that is not taken (HTTP 415): its chat takes text only, or other media types, or bytes and no addresses; an orchestration and an answer take none. `facts.problem` says which, `facts.name` the file where it has a name. Let the chat take it with `files` of its offer. Nothing was started.",
  ORCH_SERVER_INPUT:
    "The input of a run does not fit the `input` schema of its orchestration in the options of `createServer` (HTTP 422). `facts.problem` says what does not fit. Nothing was started.",
  ORCH_SERVER_LIMIT:
    "A caller has as many runs or streams going as `limits` of the server allows, or came too often (HTTP 429). `facts.what` says which. Try again after `facts.retryAfter` milliseconds.",
  ORCH_SERVER_METHOD:
    "A path of the server was called with a method that it does not take (HTTP 405). `facts.allowed` lists those it takes.",
  ORCH_SERVER_PORT:
    "`listen` of `@orch/server/node` cannot listen where it was told to. `facts.reason` says why: the port is `taken` by another program, you are `forbidden` to use it, or the address is `foreign`, which is none of this machine. Nothing was started. Choose another port or address; 0 is a free port.",
  ORCH_SERVER_REFUSED:
    "A request was not let in: its token is missing or wrong (HTTP 401), or its `Host` or `Origin` is none that the server knows (HTTP 403). Give `guard` the hosts and origins that may call, and send the token as `Authorization: Bearer`.",
  ORCH_SERVER_REQUEST:
    "A request is not one that its door takes (HTTP 400): its body is no JSON, or has not the fields that the door asks for. `facts.problem` says what is wrong. Nothing was changed.",
  ORCH_SERVER_SETUP:
    "`createServer` was given options that do not go together: two public names for one orchestration, two doors on one path, or orchestrations without a host. `facts.problem` says which.",
  ORCH_SERVER_UNKNOWN:
    "A request names a run, a session, a chat or an orchestration that is not there (HTTP 404). What belongs to another principal, or is not public, looks the same.",
};
