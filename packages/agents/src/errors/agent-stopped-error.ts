import { OrchError } from "@orch/core";
import type { GuardrailStop } from "../words/guardrail.ts";
import type { AgentFailure, StopReason } from "../words/result.ts";

/** Why an agent gave no answer. */
export interface AgentStoppedFacts {
  readonly agent: string;
  readonly stopReason: StopReason;
  readonly failure?: AgentFailure;
  readonly guardrail?: GuardrailStop;
}

const FIX: { readonly [reason in StopReason]?: string } = {
  "max-turns": "Raise maxTurns of the agent, or give it less to do.",
  "needs-approval": "Give onApproval to agentRunnable, so that somebody can be asked.",
  refusal: "Change what the model is asked for, or route the failure with .catch.",
  length: "Raise maxOutputTokens in the agent's settings, or ask for less.",
  "invalid-output": "Simplify the output schema, raise outputRetries, or choose a stronger model.",
  "max-handoffs": "Raise maxHandoffs, or tell the agents in their instructions who answers what.",
  "needs-results": "Give execute to agentRunnable, so that deferred tools can be run.",
  guardrail: "Nothing, if the guardrail is right; else correct its check. Route the failure with .catch.",
  budget: "Raise the agent's budget, or give it less to do.",
  loop: "Make the tool's result tell the model what to do next, or change the instructions.",
  aborted: "Nothing: the run was cancelled.",
};

/** Stop reasons that a retry cannot change. The retry policy decides about the others. */
const FINAL: ReadonlySet<StopReason> = new Set<StopReason>([
  "needs-approval",
  "needs-results",
  "guardrail",
  "refusal",
  "budget",
  "aborted",
]);

/** Reasons that follow from finished turns alone: where those are remembered, another attempt only hears them again. */
const REMEMBERED: ReadonlySet<StopReason> = new Set<StopReason>([
  "max-turns",
  "max-handoffs",
  "invalid-output",
  "loop",
]);

/** Failures that say something about the model, and nothing about what it was asked. */
const TERMINAL: ReadonlySet<AgentFailure["kind"]> = new Set<AgentFailure["kind"]>([
  "auth",
  "blocked",
  "not-found",
  "quota",
]);

/** Whether every other call of the model will fail the same way. */
export function isTerminal({ kind, retryable, terminal }: AgentFailure): boolean {
  return !retryable && (terminal ?? TERMINAL.has(kind));
}

/** An agent that is a state of an orchestration stopped without an answer. */
export class AgentStoppedError extends OrchError<"ORCH_AGENT_STOPPED", AgentStoppedFacts> {
  /** Whether the same work may succeed on another attempt; read by the engine's retry. */
  readonly retryable: boolean;
  /** Whether other agents with this model will meet it too: it has no quota, the key is wrong, the account is blocked, or there is no such model. Read by fan-outs and circuits. */
  readonly terminal: boolean;
  /** The HTTP status that the provider answered with. */
  readonly status?: number;
  /** How long the provider asks us to wait, in milliseconds; read by the engine's retry. */
  readonly retryAfter?: number;

  /** `remembered` says that the run's finished turns are kept over attempts. */
  constructor(facts: AgentStoppedFacts, remembered = false) {
    const { agent, stopReason, failure, guardrail } = facts;
    const detail = failure?.message ?? guardrail?.reason;
    const hint = failure !== undefined && "hint" in failure ? failure.hint : undefined;
    super("ORCH_AGENT_STOPPED", facts, {
      says: `The agent "${agent}" stopped without an answer (${stopReason})${detail === undefined ? "." : `: ${detail}`}`,
      fix: FIX[stopReason] ?? hint ?? "Read facts.failure, and correct what it names.",
    });
    this.retryable =
      failure?.retryable ?? !(FINAL.has(stopReason) || (remembered && REMEMBERED.has(stopReason)));
    this.terminal = failure !== undefined && isTerminal(failure);
    if (failure?.retryAfterMs !== undefined) this.retryAfter = failure.retryAfterMs;
    if (failure !== undefined && "status" in failure) this.status = failure.status!;
  }
}
