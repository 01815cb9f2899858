/** Agents with tools on any provider. */
export type {
  AssistantMessage,
  AssistantPart,
  Citation,
  FilePart,
  Message,
  Opaque,
  Origin,
  ReasoningPart,
  RefusalPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "./message.ts";
export { systemMessage, textOf, userMessage } from "./message.ts";
export type {
  Finish,
  FinishEvent,
  FinishReason,
  JsonSchema,
  Model,
  ModelCaps,
  ModelEvent,
  ModelFailure,
  ModelRequest,
  Price,
  ToolSpec,
  Usage,
} from "./model.ts";
export { generate, modelName } from "./model.ts";
