/** The door for AI SDK UI: chats of the server in `useChat`. */
export { type AiSdkOptions, aiSdk } from "./ai-sdk/ai-sdk-door.ts";
export type { UiChunk, UiPlace, UiStatus, UiTextPart } from "./ai-sdk/ui-chunk.ts";
export type { UiHistoryMessage, UiHistoryPart } from "./ai-sdk/ui-history.ts";
export type { RailBranches, RailMove, RailState } from "./reply/rail-state.ts";
