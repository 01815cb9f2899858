/**
 * The names that traces use, in one place.
 *
 * Source: OpenTelemetry semantic conventions for generative AI, version 1.41.0, status "Development":
 * names may change between versions, so this file is the only one that knows them. What the conventions
 * have no name for begins with `orch.`.
 */

/** The version of the conventions. */
export const CONVENTIONS_VERSION = "1.41.0";

/** Names of attributes. */
export const ATTR = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  agent: "gen_ai.agent.name",
  workflow: "gen_ai.workflow.name",
  requestModel: "gen_ai.request.model",
  requestStream: "gen_ai.request.stream",
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  firstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheRead: "gen_ai.usage.cache_read.input_tokens",
  cacheWrite: "gen_ai.usage.cache_creation.input_tokens",
  reasoning: "gen_ai.usage.reasoning.output_tokens",
  outputMessages: "gen_ai.output.messages",
  tool: "gen_ai.tool.name",
  toolCallId: "gen_ai.tool.call.id",
  toolType: "gen_ai.tool.type",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
  errorType: "error.type",
  runId: "orch.run.id",
  state: "orch.state.id",
  path: "orch.state.path",
  visit: "orch.state.visit",
  kind: "orch.state.kind",
  branches: "orch.state.branches",
  input: "orch.state.input",
  output: "orch.state.output",
  cancelled: "orch.cancelled",
  denied: "orch.tool.denied",
  replayed: "orch.replayed",
  stopReason: "orch.agent.stop_reason",
  cost: "orch.usage.cost_usd",
  estimated: "orch.usage.estimated",
  attempt: "orch.retry.attempt",
  question: "orch.question",
  signal: "orch.signal",
  number: "orch.signal.number",
  value: "orch.signal.value",
  condition: "orch.wait.condition",
  timeout: "orch.wait.timeout_ms",
  background: "orch.state.background",
  dossier: "orch.dossier",
  added: "orch.dossier.added",
  delay: "orch.retry.delay_ms",
  from: "orch.from",
  to: "orch.to",
  cause: "orch.cause",
  status: "orch.status",
  text: "orch.text",
} as const;

/** Values of `gen_ai.operation.name`. */
export const OPERATION = {
  workflow: "invoke_workflow",
  agent: "invoke_agent",
  chat: "chat",
  tool: "execute_tool",
} as const;
