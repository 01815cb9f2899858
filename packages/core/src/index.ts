/** Typed state machines for agent work. */

export { all } from "./define/all.ts";
export type { Draft } from "./define/builder.ts";
export { choose } from "./define/choose.ts";
export { each } from "./define/each.ts";
export { Orchestration, type OrchestrationOptions, orchestration } from "./define/orchestration.ts";
export { question } from "./define/question.ts";
export { race } from "./define/race.ts";
export { sleep } from "./define/sleep.ts";
export type { Json } from "./durable/json.ts";
export { parseJson } from "./durable/json.ts";
export { FatalError } from "./errors/fatal-error.ts";
export { isOrchError, OrchError } from "./errors/orch-error.ts";
export { RunnableError } from "./errors/runnable-error.ts";
export type { Clock } from "./platform/clock.ts";
export type { Random } from "./platform/random.ts";
export type { OpenQuestion } from "./run/questions.ts";
export { Run, type RunOptions } from "./run/run.ts";
export { OrchestrationAdvancer } from "./words/advancer.ts";
export type { RunContext, Spending } from "./words/context.ts";
export type { EventError, EventOf, OrchestrationEvent, StateKind } from "./words/events.ts";
export type { Graph } from "./words/graph.ts";
export type { RetryPolicy } from "./words/retry.ts";
export type { InputOf, OutputOf, Runnable } from "./words/runnable.ts";
export { OrchestrationRunnable, runnable } from "./words/runnable.ts";
export type { Schema } from "./words/schema.ts";
export type { Settled } from "./words/settled.ts";
export { type SharedState, sharedState } from "./words/shared-state.ts";
