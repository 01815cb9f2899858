/** The exit codes of the program. Documented in docs/cli.md. */
import { type FactsOf, isOrchError } from "@orch/core";
import { HANGUP_CODE } from "../process/hangup.ts";

/** The exit codes by what they mean. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  config: 3,
  auth: 4,
  provider: 5,
  schema: 6,
  limit: 7,
  missing: 8,
  paused: 20,
  bug: 70,
  SIGHUP: HANGUP_CODE,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

const BY_CODE: { readonly [code: string]: number } = {
  ORCH_USAGE: exitCodes.usage,
  ORCH_FILE_EXISTS: exitCodes.usage,
  ORCH_CONFIG: exitCodes.config,
  ORCH_PROVIDER_CONFIG: exitCodes.config,
  ORCH_UNKNOWN_PROVIDER: exitCodes.config,
  ORCH_MODEL_NAME: exitCodes.config,
  ORCH_MISSING_SDK: exitCodes.config,
  ORCH_ORCHESTRATION_FILE: exitCodes.config,
  ORCH_UNTRUSTED: exitCodes.config,
  ORCH_RESTATE_NOT_REGISTERED: exitCodes.config,
  ORCH_RESTATE_DEFINITION: exitCodes.config,
  ORCH_RESTATE_UNREACHABLE: exitCodes.provider,
  ORCH_RESTATE_SILENT: exitCodes.provider,
  ORCH_RESTATE_REFUSED: exitCodes.provider,
  ORCH_MISSING_KEY: exitCodes.auth,
  ORCH_INPUT: exitCodes.schema,
  ORCH_INVALID_INPUT: exitCodes.schema,
  ORCH_INVALID_OUTPUT: exitCodes.schema,
  ORCH_INVALID_ANSWER: exitCodes.schema,
  ORCH_ANSWER_UNFIT: exitCodes.schema,
  ORCH_INVALID_SIGNAL: exitCodes.schema,
  ORCH_MAX_STEPS: exitCodes.limit,
  ORCH_TIMEOUT: exitCodes.limit,
  ORCH_ORCHESTRATION_UNKNOWN: exitCodes.missing,
  ORCH_SESSION_MISSING: exitCodes.missing,
  ORCH_SESSION_UNKNOWN: exitCodes.missing,
  ORCH_RUN_MISSING: exitCodes.missing,
  ORCH_QUESTION_MISSING: exitCodes.missing,
  ORCH_UNKNOWN_SIGNAL: exitCodes.missing,
  ORCH_QUESTION_ASKED: exitCodes.paused,
};

const BY_STOP: { readonly [reason: string]: number } = {
  "max-turns": exitCodes.limit,
  length: exitCodes.limit,
  budget: exitCodes.limit,
  loop: exitCodes.limit,
  "invalid-output": exitCodes.schema,
  "needs-approval": exitCodes.paused,
};

const BY_FAILURE: { readonly [kind: string]: number } = {
  auth: exitCodes.auth,
  "rate-limit": exitCodes.provider,
  overloaded: exitCodes.provider,
  quota: exitCodes.provider,
  timeout: exitCodes.provider,
  network: exitCodes.provider,
  protocol: exitCodes.provider,
  server: exitCodes.provider,
};

/** The exit code for an error: the most exact code of the error or its causes. */
export function exitCodeOf(error: unknown): number {
  let known = false;
  for (let at = error; isOrchError(at); at = at.cause) {
    known = true;
    if (isOrchError(at, "ORCH_INTERRUPTED")) return exitCodes[at.facts.signal];
    if (isOrchError(at, "ORCH_AGENT_STOPPED")) return codeOfStop(at.facts);
    const code = BY_CODE[at.code];
    if (code !== undefined) return code;
  }
  return known ? exitCodes.failed : exitCodes.bug;
}

function codeOfStop({ stopReason, failure }: FactsOf<"ORCH_AGENT_STOPPED">): number {
  const code = failure === undefined ? BY_STOP[stopReason] : BY_FAILURE[failure.kind];
  return code ?? exitCodes.failed;
}
